import { describe, expect, it } from 'vitest';
import { TriageMemory } from '../../../engine/triage/triage-state.ts';
import type { TriageOutcome } from '../../../shared/domain/triage/triage-outcome.ts';

const NOW_MS = Date.UTC(2026, 2, 2, 9);

const outcome = (closedBy: string | null, suppress: TriageOutcome['suppress'] = []): TriageOutcome => ({
  close: closedBy === null ? null : { ruleId: closedBy, ruleVersion: 1, disposition: 'duplicate', why: '' },
  suppress,
  tags: [],
  priorityStep: 0,
  priorityStepBy: null,
  route: null,
  escalate: null,
  playbook: null,
  hits: [],
});

describe('what triage remembers', () => {
  it('takes back what a failed transaction decided, and nothing of the one before', () => {
    const memory = new TriageMemory(NOW_MS, new Map([['a', 3]]));
    memory.mark();
    memory.remember(outcome('a', [{ ruleId: 's', key: 'kept', untilMs: 10 }]));
    const forget = memory.mark();
    memory.remember(outcome('a'));
    memory.remember(outcome('b', [{ ruleId: 's', key: 'lost', untilMs: 20 }]));
    memory.remember(outcome(null, [{ ruleId: 's', key: 'kept', untilMs: 30 }]));
    forget();
    expect([...memory.closedToday(NOW_MS)]).toEqual([['a', 4]]);
    expect(memory.suppressedUntilMs('s', 'kept')).toBe(10);
    expect(memory.suppressedUntilMs('s', 'lost')).toBeNull();
    forget();
    expect(memory.suppressedUntilMs('s', 'kept')).toBe(10);
  });
});
