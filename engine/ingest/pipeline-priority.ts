import { packPriority } from '../../shared/domain/priority/packed-priority.ts';
import { computePriority, type DispositionCounts, type PriorityInput } from '../../shared/domain/priority/priority.ts';
import type { PriorityPolicy } from '../../shared/domain/priority/priority-policy.ts';
import { PRIORITY_LEVELS, severityOfRank } from '../../shared/model/vocabulary.ts';
import { findRows, insertRows } from '../store/bulk.ts';
import type { Tables } from '../store/schema.ts';
import type { Write } from '../store/store.ts';
import type { GroupFacts, GroupRow } from './pipeline-group.ts';
import type { TriageState } from './pipeline-input.ts';

type PriorityTriage = Pick<TriageState, 'priority' | 'cveFacts' | 'techniqueFactor'>;
type PriorityColumns = Pick<GroupRow, 'priority_points' | 'priority_level' | 'priority_json'>;

const DAY_MS = 86_400_000;
const REMEMBERED = 5_000;
const NOTHING_KNOWN: GroupFacts = {
  hostCriticality: null,
  hostInternetFacing: null,
  userTier0: null,
  ruleStepBy: null,
};

/** What ingest knew of a group when it last computed its priority. */
export function factsOf({ priority_json: json }: Pick<GroupRow, 'priority_json'>): GroupFacts {
  // Most groups have none, and reading each group's reasons only to see that costs more than the look-up of the group.
  if (!json.includes('"facts"')) return { ...NOTHING_KNOWN };
  const stored: { facts?: GroupFacts } = JSON.parse(json);
  return { ...NOTHING_KNOWN, ...stored.facts };
}

const isNothing = (facts: GroupFacts): boolean => Object.values(facts).every((fact) => fact === null);

/** Tactics seen on entities, as far as this transaction knows and changed them. */
export class EntityTactics {
  readonly #byEntity = new Map<string, Map<string, number>>();
  readonly #changed = new Map<string, Tables['entity_tactic']>();
  readonly #noted = new Map<string, Map<string, number>>();
  /** Entities on which a tactic was seen for the first time: their other groups change too. */
  readonly grown = new Set<string>();

  async load(tx: Write, entityValues: Iterable<string>): Promise<void> {
    const missing = [...new Set(entityValues)].filter((value) => value !== '' && !this.#byEntity.has(value));
    for (const value of missing) this.#byEntity.set(value, new Map());
    const rows = await findRows(
      tx,
      'entity_tactic',
      ['entity_value'],
      missing.map((entity_value) => ({ entity_value })),
    );
    for (const row of rows) this.#byEntity.get(row.entity_value)?.set(row.tactic, row.last_seen_ms);
  }

  /** An alert has this tactic. Kept until `seeNoted`, because the entity's tactics may not be read yet. */
  note(entityValue: string, tactic: string, atMs: number): void {
    if (entityValue === '') return;
    let tactics = this.#noted.get(entityValue);
    if (tactics === undefined) {
      tactics = new Map();
      this.#noted.set(entityValue, tactics);
    }
    tactics.set(tactic, Math.max(tactics.get(tactic) ?? 0, atMs));
  }

  async seeNoted(tx: Write): Promise<void> {
    await this.load(tx, this.#noted.keys());
    for (const [entityValue, tactics] of this.#noted) {
      for (const [tactic, atMs] of tactics) this.see(entityValue, tactic, atMs);
    }
    this.#noted.clear();
  }

  see(entityValue: string, tactic: string, atMs: number): void {
    const tactics = this.#byEntity.get(entityValue);
    if (tactics === undefined) return;
    const known = tactics.get(tactic);
    if (known !== undefined && known >= atMs) return;
    if (known === undefined) this.grown.add(entityValue);
    tactics.set(tactic, atMs);
    this.#changed.set(`${entityValue}\u0000${tactic}`, { entity_value: entityValue, tactic, last_seen_ms: atMs });
  }

  /** Distinct tactics seen since `sinceMs`; null when nothing is known of the entity. */
  distinct(entityValue: string, sinceMs: number): number | null {
    const tactics = this.#byEntity.get(entityValue);
    if (tactics === undefined || tactics.size === 0) return null;
    let n = 0;
    for (const lastSeenMs of tactics.values()) if (lastSeenMs >= sinceMs) n += 1;
    return n;
  }

  save(tx: Write): Promise<void> {
    const onConflict = 'on conflict (entity_value, tactic) do update set last_seen_ms = excluded.last_seen_ms';
    return insertRows(tx, 'entity_tactic', [...this.#changed.values()], onConflict);
  }
}

/** What people said of rules and families, read once for a transaction. */
export interface DispositionHistory {
  rule(sourceRuleId: number): DispositionCounts;
  family(product: string, severity: number): DispositionCounts;
}

const NO_HISTORY: DispositionCounts = { tp: 0, n: 0 };

export async function loadHistory(tx: Write, groups: readonly GroupRow[]): Promise<DispositionHistory> {
  const ruleIds = [...new Set(groups.map((group) => group.source_rule_id))];
  const families = new Map(
    groups.map((group) => [`${group.product}:${group.severity}`, { product: group.product, severity: group.severity }]),
  );
  const rules = await findRows(
    tx,
    'source_rule',
    ['id'],
    ruleIds.map((id) => ({ id })),
  );
  const stats = await findRows(tx, 'family_stat', ['product', 'severity'], [...families.values()]);
  const byRule = new Map(rules.map((rule) => [rule.id, { tp: rule.tp, n: rule.n }]));
  const byFamily = new Map(stats.map((stat) => [`${stat.product}:${stat.severity}`, { tp: stat.tp, n: stat.n }]));
  return {
    rule: (id) => byRule.get(id) ?? NO_HISTORY,
    family: (product, severity) => byFamily.get(`${product}:${severity}`) ?? NO_HISTORY,
  };
}

/**
 * Computes priorities of groups. Groups of one kind differ in little, so answers are remembered by all that goes
 * into them: the formula and its sentences cost more than the look-up.
 */
export class Prioritiser {
  readonly #triage: PriorityTriage;
  readonly #remembered = new Map<string, PriorityColumns>();

  constructor(triage: PriorityTriage) {
    this.#triage = triage;
  }

  /** Sets the three priority columns. `facts` is what no column has; it is kept in `priority_json`. */
  apply(row: GroupRow, facts: GroupFacts, tactics: EntityTactics, history: DispositionHistory): void {
    const windowMs = this.#triage.priority.corroborationWindowDays * DAY_MS;
    const distinctTactics = tactics.distinct(row.entity_value, row.last_observed_at_ms - windowMs);
    const rule = history.rule(row.source_rule_id);
    const family = history.family(row.product, row.severity);
    const parts = [row.severity, rule.tp, rule.n, family.tp, family.n, distinctTactics, row.rule_priority_step];
    const known = `${parts.join(' ')} ${row.cves_json} ${row.techniques_json} ${Object.values(facts).join('\u0000')}`;
    let columns = this.#remembered.get(known);
    if (columns === undefined) {
      columns = this.#compute(row, facts, { rule, family, distinctTactics });
      if (this.#remembered.size >= REMEMBERED) this.#remembered.clear();
      this.#remembered.set(known, columns);
    }
    Object.assign(row, columns);
  }

  #compute(
    row: GroupRow,
    facts: GroupFacts,
    learned: Pick<PriorityInput, 'rule' | 'family' | 'distinctTactics'>,
  ): PriorityColumns {
    const techniques: string[] = JSON.parse(row.techniques_json);
    const cves: string[] = JSON.parse(row.cves_json);
    const input: PriorityInput = {
      ...learned,
      severity: severityOfRank(row.severity),
      hostCriticality: facts.hostCriticality,
      hostInternetFacing: facts.hostInternetFacing,
      userTier0: facts.userTier0,
      cves: this.#triage.cveFacts(cves),
      techniques: techniques.flatMap((id) => {
        const factor = this.#triage.techniqueFactor(id);
        return factor === null ? [] : [{ id, factor }];
      }),
      ruleStep: row.rule_priority_step,
      ruleStepBy: facts.ruleStepBy,
    };
    const policy: PriorityPolicy = this.#triage.priority;
    const { points, level, ...reasons } = computePriority(input, policy);
    const packed = packPriority(reasons);
    return {
      priority_points: points,
      priority_level: PRIORITY_LEVELS.indexOf(level) + 1,
      priority_json: JSON.stringify(isNothing(facts) ? packed : { ...packed, facts }),
    };
  }
}
