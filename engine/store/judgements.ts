import { sql } from 'kysely';
import { judgementOf } from '../../shared/domain/decisions/judgement.ts';
import type { Disposition } from '../../shared/model/vocabulary.ts';
import type { Tables } from './schema.ts';
import type { Write } from './store.ts';

export type JudgedGroup = Pick<
  Tables['alert_group'],
  'source_rule_id' | 'product' | 'severity' | 'disposition' | 'closed_by_kind'
>;

type RuleDelta = Pick<Tables['source_rule'], 'tp' | 'btp' | 'fp' | 'n'>;

/**
 * The one place that keeps what people said of each product's rule and family. Collects groups before and after, so
 * that a closing counts once and taking it back takes the count back. Nobody's name is in it.
 */
export class JudgementDeltas {
  readonly #rules = new Map<number, RuleDelta>();
  readonly #families = new Map<string, Tables['family_stat']>();

  move(before: JudgedGroup, after: JudgedGroup): void {
    this.#add(before, -1);
    this.#add(after, 1);
  }

  #add(group: JudgedGroup, sign: 1 | -1): void {
    const judged = judgementOf({
      disposition: group.disposition as Disposition | null,
      closedByKind: group.closed_by_kind,
    });
    if (judged.n === 0) return;
    const rule = this.#rules.get(group.source_rule_id) ?? { tp: 0, btp: 0, fp: 0, n: 0 };
    rule.tp += sign * judged.tp;
    rule.btp += sign * judged.btp;
    rule.fp += sign * judged.fp;
    rule.n += sign;
    this.#rules.set(group.source_rule_id, rule);
    const { product, severity } = group;
    const key = `${severity} ${product}`;
    const family = this.#families.get(key) ?? { product, severity, tp: 0, n: 0 };
    family.tp += sign * judged.tp;
    family.n += sign;
    this.#families.set(key, family);
  }

  async apply(tx: Write): Promise<void> {
    for (const [id, { tp, btp, fp, n }] of this.#rules) {
      if (tp === 0 && btp === 0 && fp === 0 && n === 0) continue;
      await tx
        .updateTable('source_rule')
        .set((eb) => ({ tp: eb('tp', '+', tp), btp: eb('btp', '+', btp), fp: eb('fp', '+', fp), n: eb('n', '+', n) }))
        .where('id', '=', id)
        .execute();
    }
    for (const family of this.#families.values()) {
      if (family.tp === 0 && family.n === 0) continue;
      await tx
        .insertInto('family_stat')
        .values(family)
        .onConflict((conflict) =>
          conflict.columns(['product', 'severity']).doUpdateSet({
            tp: sql<number>`family_stat.tp + excluded.tp`,
            n: sql<number>`family_stat.n + excluded.n`,
          }),
        )
        .execute();
    }
    this.#rules.clear();
    this.#families.clear();
  }
}
