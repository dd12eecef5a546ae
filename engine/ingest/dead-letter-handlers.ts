import { type HandlerDeps, ownerOrPerson } from '../handler-deps.ts';
import type { CallContext, Handlers } from '../handlers.ts';
import type { Discard, LetterSlice, LetterSliceAnswer, ReadAgain } from './dead-letter-commands.ts';
import { sumReports } from './pipeline-tally.ts';

const SKIPPED_TOLD = 100;

/** Reading again and discarding, slice by slice: each is a transaction of its own, and people's commands go between. */
export function deadLetterHandlers({
  store,
  writer,
  mappings,
}: HandlerDeps): Pick<Handlers['sources'], 'readAgain' | 'discard'> {
  const inSlices = async (context: CallContext, name: string, request: ReadAgain | Discard) => {
    const caller = await ownerOrPerson(context, store);
    const answers: LetterSliceAnswer[] = [];
    let span: LetterSlice<unknown>['span'] = null;
    do {
      const commandId: string =
        span === null ? request.statement.commandId : `${request.statement.commandId}/${span.afterId}`;
      const slice: LetterSlice<unknown> = { statement: { ...request.statement, commandId }, request, span };
      // The answer is that of the command registered under this name.
      const answer = (await writer.run(name, slice, caller)) as LetterSliceAnswer;
      answers.push(answer);
      span = answer.next;
    } while (span !== null);
    const changed = answers.reduce((sum, answer) => sum + answer.changed, 0);
    return {
      decisionId: answers.findLast(({ decisionId }) => decisionId !== null)?.decisionId ?? null,
      changed,
      skipped: answers.flatMap(({ skipped }) => skipped).slice(0, SKIPPED_TOLD),
      seq: answers.at(-1)?.seq ?? 0,
      report: sumReports(answers.map(({ report }) => report)),
      left: answers.reduce((sum, answer) => sum + answer.looked, 0) - changed,
    };
  };
  return {
    readAgain: async (context, input) => {
      // Whoever has just mended a mapping need not wait until somebody looks.
      await mappings.look();
      const answer = await inSlices(context, 'sources.readAgain', input);
      return { ...answer, summary: readSummary(answer.changed, answer.left) };
    },
    discard: async (context, input) => {
      const { report: _none, left: _all, ...answer } = await inSlices(context, 'sources.discard', input);
      return { ...answer, summary: `Discarded ${counted(answer.changed)}` };
    },
  };
}

function readSummary(read: number, left: number): string {
  if (read === 0 && left === 0) return 'Nothing on the list matches any more.';
  if (read === 0) return left === 1 ? 'It still cannot be read.' : `None of the ${left} records can be read yet.`;
  return `Read ${counted(read)}${left === 0 ? '' : `; ${counted(left)} still cannot be read`}`;
}

function counted(records: number): string {
  return records === 1 ? '1 record' : `${records} records`;
}
