import type { DecisionKind } from '../../shared/model/decision.ts';
import { EngineError } from '../../shared/model/errors.ts';
import { type Command, command } from '../commands.ts';
import type { CommandContext, InputOf, OutputOf } from '../handlers.ts';
import { checkStatement, decidedBy } from '../routing/decide.ts';
import { groupOfStableId } from '../store/alerts.ts';
import { currentId } from '../store/group-links.ts';
import { loadDecidable } from '../store/group-state.ts';
import type { FormatCatalogue } from './formats/index.ts';
import { manualRecord } from './formats/manual.ts';
import { makeClassifier } from './pipeline-classify.ts';
import type { AppendMachineDecision, TriageState } from './pipeline-input.ts';
import { storeRecord } from './store-record.ts';

export interface AlertCommandDeps {
  triage(): TriageState;
  append: AppendMachineDecision;
  formats: FormatCatalogue;
}

const KIND: DecisionKind = 'alert.create';
const ORIGIN = 'entered by hand';

export function alertCommands(deps: AlertCommandDeps): Readonly<Record<string, Command>> {
  return { [KIND]: command((context, input: InputOf<'alert', 'create'>) => createAlert(context, deps, input)) };
}

/** An alert that a person enters takes the way of every other: format, rules, group, priority, kept original. */
async function createAlert(
  context: CommandContext,
  deps: AlertCommandDeps,
  input: InputOf<'alert', 'create'>,
): Promise<OutputOf<'alert', 'create'>> {
  const { tx } = context;
  const { statement, ...entry } = input;
  checkStatement(statement, KIND, null);
  decidedBy(context);
  const record = manualRecord({ id: statement.commandId, ...entry });
  const bytes = Buffer.from(JSON.stringify(record));
  const item = makeClassifier('manual')({ kind: 'record', value: record, bytes, line: 1 });
  if (item.kind === 'rejected') throw new EngineError('invalid_input', `This cannot be stored: ${item.fault.message}`);
  const parts = { triage: deps.triage(), append: deps.append, formats: deps.formats };
  await storeRecord(context, item, parts, { origin: ORIGIN, site: null, isRun: true });
  const home = await groupOfStableId(tx, 'manual', statement.commandId);
  const groupId = home === null ? null : await currentId(tx, home);
  const [row] = groupId === null ? [] : await loadDecidable(tx, [groupId]);
  if (groupId === null || row === undefined) throw new Error('An alert was entered and has no group');
  const summary = `Entered by hand: ${entry.title}`;
  const subjects = [{ groupId, before: {}, after: {}, versionAfter: row.version }];
  const decisionId = await context.record({ kind: KIND, statement, summary, subjects });
  return { decisionId, changed: 1, skipped: [], summary: 'Entered 1 alert', seq: 0, groupId };
}
