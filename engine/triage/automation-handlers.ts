import { standingSentence, withStanding } from '../../shared/domain/assurance/standing-sentence.ts';
import { EngineError } from '../../shared/model/errors.ts';
import { ruleStandings } from '../assurance/rule-standings.ts';
import { type Command, command } from '../commands.ts';
import { type HandlerDeps, runAsCaller } from '../handler-deps.ts';
import type { Handlers, OutputOf } from '../handlers.ts';
import { closureFacts, currentRule, groupsClosedByRules } from '../store/automation.ts';
import { decodeCursor, encodeCursor } from '../store/queue-cursor.ts';
import { itemsOf } from '../store/queue-items.ts';
import type { Read } from '../store/store.ts';
import { pauseAutomation } from './automation-commands.ts';
import { automationSummary } from './automation-summary.ts';

const CLOSURES_ORDER = 'closures';

export function automationCommands(): Readonly<Record<string, Command>> {
  return { 'automation.pause': command(pauseAutomation) };
}

export function automationHandlers(deps: HandlerDeps): Pick<Handlers, 'automation'> {
  const { store, ports, writer } = deps;
  return {
    automation: {
      summary: (_context, { sinceMs }) => store.read((db) => automationSummary(db, sinceMs, ports.clock.nowMs())),
      closures: (_context, input) => store.read((db) => closures(db, input)),
      rule: async (_context, { id }) => {
        const rule = await store.read((db) => currentRule(db, id, ports.clock.nowMs()));
        if (rule === null) throw new EngineError('not_found', 'There is no rule with this id.');
        return rule;
      },
      pause: async (context, input) => {
        const answer = await runAsCaller<OutputOf<'automation', 'pause'>>(deps, context, 'automation.pause', input);
        await writer.reloadTriage();
        return answer;
      },
    },
  };
}

/** A page of what rules closed, each with the sentence that was written when it happened. */
async function closures(
  db: Read,
  { ruleId, cursor, limit }: { ruleId: string | null; cursor: string | null; limit: number },
): Promise<OutputOf<'automation', 'closures'>> {
  const after = decodeCursor(CLOSURES_ORDER, cursor);
  const place = after === null ? null : { closedAtMs: after.value, id: after.id };
  const rows = await groupsClosedByRules(db, ruleId, place, limit + 1);
  const page = rows.slice(0, limit);
  const facts = await closureFacts(db, page);
  const standings = await ruleStandings(db);
  const items = await itemsOf(db, page);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    closures: items.flatMap((item) => {
      const fact = facts.get(item.id);
      if (fact === undefined) return [];
      return [
        {
          item,
          ruleTitle: fact.title,
          ruleVersion: fact.ruleVersion,
          owner: fact.owner,
          why: withStanding(
            item.closeReason ?? `“${fact.title}” version ${fact.ruleVersion} closed it.`,
            standingSentence(standings.get(fact.ruleId) ?? null, fact.ruleVersion),
          ),
          matched: fact.matched,
        },
      ];
    }),
    nextCursor:
      last === undefined ? null : encodeCursor(CLOSURES_ORDER, { value: last.closed_at_ms ?? 0, id: last.id }),
  };
}
