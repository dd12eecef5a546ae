import type { TriageHit, TriageOutcome } from '../../shared/domain/triage/triage-outcome.ts';
import type { RuleAction } from '../../shared/model/rule.ts';
import { insertRows } from '../store/bulk.ts';
import type { RuleTally } from '../store/ingest-rows.ts';
import type { Tables } from '../store/schema.ts';
import type { Write } from '../store/store.ts';
import { storableText } from './storable-text.ts';

interface Closure {
  ruleId: string;
  ruleVersion: number;
  ruleTitle: string;
  alerts: number;
  groupIds: Set<number>;
}

/** Matches kept of one rule on one group: enough to say why. */
const MATCHES_KEPT = 20;

const isClosing = (actions: readonly RuleAction[]) =>
  actions.some((action) => 'close' in action || 'suppress' in action);

/** What rules did in one transaction: per group, per version, and as entries of the ledger. */
export class RuleLedger {
  readonly #perGroup = new Map<string, Tables['group_rule']>();
  readonly #perVersion = new Map<string, RuleTally>();
  readonly #closures = new Map<string, Closure>();

  /** `isClosed` is false where the group that the alert joined is open, whatever a rule says of the alert. */
  add(groupId: number, outcome: TriageOutcome, isClosed: boolean): void {
    for (const hit of outcome.hits) {
      const version = `${hit.ruleId}\u0000${hit.version}`;
      const tally = this.#tally(version, hit.ruleId, hit.version);
      tally.hits += 1;
      if (hit.mode === 'shadow' && isClosing(hit.actions)) tally.wouldClose += 1;
      if (hit.mode === 'withheld') tally.withheld += 1;
      // Two versions of one rule may have matched, and one of them closed it.
      if (isClosed && outcome.close?.ruleId === hit.ruleId && outcome.close.ruleVersion === hit.version) {
        tally.closed += 1;
        this.#addClosure(groupId, version, hit);
      }
      this.#addToGroup(groupId, version, hit);
    }
  }

  #addToGroup(groupId: number, version: string, hit: TriageHit): void {
    const key = `${groupId}\u0000${version}\u0000${hit.mode}`;
    const known = this.#perGroup.get(key);
    if (known !== undefined) {
      known.count += 1;
      return;
    }
    this.#perGroup.set(key, {
      group_id: groupId,
      rule_id: hit.ruleId,
      rule_version: hit.version,
      mode: hit.mode,
      why: storableText(hit.why, 4_000),
      matched_json: JSON.stringify(hit.matched.slice(0, MATCHES_KEPT)),
      count: 1,
    });
  }

  #addClosure(groupId: number, version: string, hit: TriageHit): void {
    let closure = this.#closures.get(version);
    if (closure === undefined) {
      closure = { ruleId: hit.ruleId, ruleVersion: hit.version, ruleTitle: hit.title, alerts: 0, groupIds: new Set() };
      this.#closures.set(version, closure);
    }
    closure.alerts += 1;
    closure.groupIds.add(groupId);
  }

  #tally(version: string, ruleId: string, ruleVersion: number): RuleTally {
    let tally = this.#perVersion.get(version);
    if (tally === undefined) {
      tally = { ruleId, ruleVersion, hits: 0, closed: 0, wouldClose: 0, withheld: 0 };
      this.#perVersion.set(version, tally);
    }
    return tally;
  }

  tallies(): RuleTally[] {
    return [...this.#perVersion.values()];
  }

  closures(): (Omit<Closure, 'groupIds'> & { groupIds: number[] })[] {
    return [...this.#closures.values()].map((closure) => ({ ...closure, groupIds: [...closure.groupIds] }));
  }

  save(tx: Write): Promise<void> {
    const onConflict =
      'on conflict (group_id, rule_id, rule_version, mode) do update set count = group_rule.count + excluded.count';
    return insertRows(tx, 'group_rule', [...this.#perGroup.values()], onConflict);
  }
}
