import type { Tables } from '../../engine/store/schema.ts';

/** A version of a rule as the store holds it. */
export function ruleRow(ruleId: string, more: Partial<Tables['rule_version']> = {}): Tables['rule_version'] {
  return {
    rule_id: ruleId,
    version: 1,
    title: `Rule ${ruleId}`,
    status: 'certified',
    owner: 'Detection lead',
    rationale: 'Because.',
    expires: '2027-02-28',
    actions_json: JSON.stringify([{ close: 'false_positive' }]),
    document: 'title: x',
    digest: ruleId,
    loaded_at_ms: 0,
    is_current: 1,
    hits: 10,
    closed: 8,
    would_close: 1,
    withheld: 1,
    last_hit_at_ms: 5,
    origin: 'file',
    author_id: null,
    approved_by: null,
    status_since_ms: 0,
    status_reason: null,
    second_approved_by: null,
    is_beside: 0,
    ...more,
  };
}
