import { sql } from 'kysely';
import { getMeta, setMeta } from './meta.ts';
import type { RuleVersionRow } from './rule-versions.ts';
import type { Read, Write } from './store.ts';

/** Since which group a version has spoken beside the one in force. */
const sinceKey = (ruleId: string): string => `beside:${ruleId}`;

/** Versions that say what they would do beside the version in force, in the order of their ids. */
export async function besideVersions(db: Read): Promise<RuleVersionRow[]> {
  return db.selectFrom('rule_version').selectAll().where('is_beside', '=', 1).orderBy('rule_id').execute();
}

/** Lets one version of a rule speak beside the one in force; null lets none. At most one does. */
export async function setBeside(tx: Write, ruleId: string, version: number | null): Promise<void> {
  await tx.updateTable('rule_version').set({ is_beside: 0 }).where('rule_id', '=', ruleId).execute();
  const newest = await tx.selectFrom('counter').select('next').where('name', '=', 'alert_group').executeTakeFirst();
  await setMeta(tx, sinceKey(ruleId), version === null ? null : String(newest?.next ?? 1));
  if (version === null) return;
  await tx
    .updateTable('rule_version')
    .set({ is_beside: 1 })
    .where('rule_id', '=', ruleId)
    .where('version', '=', version)
    .execute();
}

export interface BesideCounts {
  /** Items that both would close, only the one in force, only the other. */
  both: number;
  onlyInForce: number;
  onlyBeside: number;
  /** What people decided, blind to it, of what only the other would close; and how much of that was truly bad. */
  decided: number;
  truePositives: number;
}

/**
 * How two versions differ on the items that came in since the second began to speak. What a guard kept the version in
 * force from is left out: the same guard would keep the other one.
 */
export async function compareBeside(
  db: Read,
  ruleId: string,
  { inForce, beside }: { inForce: number; beside: number },
): Promise<BesideCounts> {
  const since = Number((await getMeta(db, sinceKey(ruleId))) ?? 0);
  const counted = await db
    .selectFrom((inner) =>
      inner
        .selectFrom('group_rule as r')
        .innerJoin('alert_group as g', 'g.id', 'r.group_id')
        .where('r.group_id', '>=', since)
        .where('r.rule_id', '=', ruleId)
        .where('r.rule_version', 'in', [inForce, beside])
        .groupBy(['r.group_id', 'g.is_open', 'g.closed_by_kind', 'g.disposition'])
        .select((eb) => {
          const some = (version: number, isWithheld: boolean) =>
            eb.fn.max(
              eb
                .case()
                .when(eb.and([eb('r.rule_version', '=', version), eb('r.mode', isWithheld ? '=' : '!=', 'withheld')]))
                .then(sql.lit(1))
                .else(sql.lit(0))
                .end(),
            );
          return [
            'g.is_open',
            'g.closed_by_kind',
            'g.disposition',
            some(inForce, false).as('in_force'),
            some(beside, false).as('beside'),
            some(inForce, true).as('kept_back'),
          ];
        })
        .as('each'),
    )
    .select((eb) => [
      'is_open',
      'closed_by_kind',
      'disposition',
      'in_force',
      'beside',
      eb.fn.countAll<number>().as('n'),
    ])
    .where('kept_back', '=', sql.lit(0))
    .groupBy(['is_open', 'closed_by_kind', 'disposition', 'in_force', 'beside'])
    .execute();
  const counts: BesideCounts = { both: 0, onlyInForce: 0, onlyBeside: 0, decided: 0, truePositives: 0 };
  for (const row of counted) {
    const n = Number(row.n);
    if (row.in_force === 1 && row.beside === 1) counts.both += n;
    else if (row.in_force === 1) counts.onlyInForce += n;
    else if (row.beside === 1) {
      counts.onlyBeside += n;
      if (row.is_open === 1 || row.closed_by_kind !== 'person' || row.disposition === 'undetermined') continue;
      counts.decided += n;
      if (row.disposition === 'true_positive') counts.truePositives += n;
    }
  }
  return counts;
}
