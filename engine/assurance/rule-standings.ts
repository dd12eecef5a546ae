import type { Standing } from '../../shared/domain/assurance/standing-sentence.ts';
import { listRuleAssurance } from '../store/rule-assurance.ts';
import type { Read } from '../store/store.ts';

/** Where each rule stands, by its id. */
export async function ruleStandings(db: Read): Promise<Map<string, Standing>> {
  const rows = await listRuleAssurance(db);
  return new Map(
    rows.map((row) => [
      row.rule_id,
      {
        state: row.state,
        ruleVersion: row.rule_version,
        audited: row.audited,
        misses: row.misses,
        bound: row.bound,
        maxFalseCloseRate: row.max_false_close_rate,
      },
    ]),
  );
}
