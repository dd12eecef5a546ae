import type { GroupFacts, GroupRow } from './pipeline-group.ts';
import { earlier, eitherTrue, higherCriticality, higherTier, unite } from './pipeline-group.ts';

type Merged = Pick<{ row: GroupRow; facts: GroupFacts }, 'row' | 'facts'>;

/**
 * Takes everything that the alerts of `from` say over into `into`: in whatever order groups are put together, the
 * outcome is what it would be if all alerts had come into one. Counts of entities are the caller's.
 */
export function mergeContent(into: Merged, from: Merged): void {
  const [a, b] = [into.row, from.row];
  if (
    b.first_observed_at_ms < a.first_observed_at_ms ||
    (b.first_observed_at_ms === a.first_observed_at_ms && b.title < a.title)
  ) {
    a.title = b.title;
  }
  a.count += b.count;
  a.severity = Math.max(a.severity, b.severity);
  if (b.severity_score !== null) a.severity_score = Math.max(a.severity_score ?? 0, b.severity_score);
  a.first_observed_at_ms = Math.min(a.first_observed_at_ms, b.first_observed_at_ms);
  a.last_observed_at_ms = Math.max(a.last_observed_at_ms, b.last_observed_at_ms);
  a.first_received_at_ms = Math.min(a.first_received_at_ms, b.first_received_at_ms);
  a.last_received_at_ms = Math.max(a.last_received_at_ms, b.last_received_at_ms);
  a.tier = higherTier(a.tier, b.tier);
  a.due_at_ms = earlier(a.due_at_ms, b.due_at_ms);
  a.tags_json = unite(a.tags_json, JSON.parse(b.tags_json));
  a.tactics_json = unite(a.tactics_json, JSON.parse(b.tactics_json));
  a.techniques_json = unite(a.techniques_json, JSON.parse(b.techniques_json));
  a.cves_json = unite(a.cves_json, JSON.parse(b.cves_json));
  const [f, g] = [into.facts, from.facts];
  f.hostCriticality = higherCriticality(f.hostCriticality, g.hostCriticality);
  f.hostInternetFacing = eitherTrue(f.hostInternetFacing, g.hostInternetFacing);
  f.userTier0 = eitherTrue(f.userTier0, g.userTier0);
  if (b.rule_priority_step > a.rule_priority_step) {
    a.rule_priority_step = b.rule_priority_step;
    f.ruleStepBy = g.ruleStepBy;
  }
}
