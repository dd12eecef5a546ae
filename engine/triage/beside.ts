import type { Beside } from '../../shared/model/rule-life.ts';
import { besideVersions, compareBeside } from '../store/rule-beside.ts';
import { currentRuleVersions } from '../store/rule-versions.ts';
import type { Read } from '../store/store.ts';

/** How the version that speaks beside the one in force differs from it, in numbers; null when none does. */
export async function besideOf(db: Read, ruleId: string): Promise<Beside | null> {
  const beside = (await besideVersions(db)).find((row) => row.rule_id === ruleId);
  const inForce = (await currentRuleVersions(db)).find((row) => row.rule_id === ruleId);
  if (beside === undefined || inForce === undefined) return null;
  const versions = { inForce: inForce.version, beside: beside.version };
  return {
    version: beside.version,
    inForceVersion: inForce.version,
    sinceMs: beside.status_since_ms,
    ...(await compareBeside(db, ruleId, versions)),
  };
}
