import { isExpired } from '../../shared/domain/triage/rule-life.ts';
import { EngineError } from '../../shared/model/errors.ts';
import type { StrainPolicy } from '../../shared/model/policy.ts';
import type { RuleAction, RuleStatus } from '../../shared/model/rule.ts';
import type { RuleLine, RuleOrigin } from '../../shared/model/rule-life.ts';
import type { OutputOf } from '../handlers.ts';
import { personNames } from '../store/people.ts';
import {
  closedGroupsByClass,
  closedSinceDay,
  listProposals,
  openProposalsOf,
  ruleHeads,
  ruleVersion,
} from '../store/rule-life.ts';
import type { Read } from '../store/store.ts';
import { usualMinutes } from './usual-minutes.ts';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

type Head = Awaited<ReturnType<typeof ruleHeads>>[number];

/** One line a rule, in the order of titles: the version in force, or the newest when none is. */
export async function ruleLines(db: Read, policy: StrainPolicy, nowMs: number): Promise<RuleLine[]> {
  return linesOf(db, await ruleHeads(db), null, policy, nowMs);
}

/** The lines of these versions: those of all rules, or of the one that is named. */
async function linesOf(
  db: Read,
  heads: readonly Head[],
  ruleId: string | null,
  policy: StrainPolicy,
  nowMs: number,
): Promise<RuleLine[]> {
  const byRule = Map.groupBy(heads, (row) => row.rule_id);
  const closed = await closedSinceDay(db, Math.floor((nowMs - WEEK_MS) / DAY_MS) + 1, ruleId);
  const classes = await closedGroupsByClass(db, nowMs - WEEK_MS, ruleId);
  const minutesOf = await usualMinutes(db, classes, policy, nowMs);
  const proposals = ruleId === null ? await listProposals(db, true) : await openProposalsOf(db, ruleId);
  const lines = [...byRule.values()].flatMap((versions) => {
    const shown = versions.find((row) => row.is_current === 1) ?? versions[0];
    const newest = versions[0];
    if (shown === undefined || newest === undefined) return [];
    const own = classes.filter(({ ruleId }) => ruleId === shown.rule_id);
    return [
      {
        ...headOf(shown, nowMs),
        closedThisWeek: closed.get(shown.rule_id) ?? 0,
        minutesThisWeek: own.reduce((sum, each) => sum + each.groups * minutesOf(each), 0),
        newer: newest.version > shown.version ? { version: newest.version, status: newest.status as RuleStatus } : null,
        openProposalId: proposals.find(({ rule_id }) => rule_id === shown.rule_id)?.id ?? null,
      },
    ];
  });
  return lines.toSorted((a, b) => a.title.localeCompare(b.title) || (a.id < b.id ? -1 : 1));
}

function headOf(
  row: Head,
  nowMs: number,
): Omit<RuleLine, 'closedThisWeek' | 'minutesThisWeek' | 'newer' | 'openProposalId'> {
  const lives = ['shadow', 'provisional', 'certified'].includes(row.status);
  return {
    id: row.rule_id,
    version: row.version,
    isInForce: row.is_current === 1,
    title: row.title,
    status: lives && isExpired(row.expires, nowMs) ? 'expired' : (row.status as RuleStatus),
    statusSinceMs: row.status_since_ms,
    statusReason: row.status_reason,
    origin: row.origin as RuleOrigin,
    owner: row.owner,
    expires: row.expires,
    actions: JSON.parse(row.actions_json) as RuleAction[],
    hits: row.hits,
    closed: row.closed,
    wouldHaveClosed: row.would_close,
    withheld: row.withheld,
    lastHitAtMs: row.last_hit_at_ms,
  };
}

/** One rule with the text of a version and what became of each. Throws `not_found`. */
export async function ruleDetail(
  db: Read,
  id: string,
  version: number | null,
  policy: StrainPolicy,
  nowMs: number,
): Promise<Omit<OutputOf<'rules', 'get'>, 'highSeverity' | 'beside'>> {
  const versions = await ruleHeads(db, id);
  const [line] = await linesOf(db, versions, id, policy, nowMs);
  const asked = line === undefined ? null : await ruleVersion(db, id, version ?? line.version);
  if (line === undefined || asked === null) throw new EngineError('not_found', 'There is no such rule, or version.');
  const names = await personNames(db);
  return {
    line,
    document: asked.document,
    version: asked.version,
    versions: versions.map((row) => ({
      version: row.version,
      status: row.status as RuleStatus,
      statusSinceMs: row.status_since_ms,
      statusReason: row.status_reason,
      author: row.author_id === null ? null : (names.get(row.author_id) ?? row.author_id),
      loadedAtMs: row.loaded_at_ms,
      isInForce: row.is_current === 1,
      isBeside: row.is_beside === 1,
      hits: row.hits,
      closed: row.closed,
    })),
  };
}
