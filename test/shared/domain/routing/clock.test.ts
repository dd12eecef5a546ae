import { describe, expect, test } from 'vitest';
import { loadPolicies } from '../../../../engine/policies.ts';
import {
  ackDueAtMs,
  clockState,
  dueSoonMs,
  dueSoonTable,
  escalationDueAtMs,
  initialTier,
} from '../../../../shared/domain/routing/clock.ts';
import { SEVERITIES } from '../../../../shared/model/vocabulary.ts';

const { sla } = loadPolicies();
const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 2, 8);

describe('deadlines', () => {
  test.each([
    ['critical', 15],
    ['high', 60],
    ['medium', 240],
    ['low', 1440],
  ] as const)('%s is to be acknowledged within %i minutes', (severity, minutes) => {
    expect(ackDueAtMs({ severity, startedAtMs: START }, sla)).toBe(START + minutes * MINUTE);
  });

  test('history starts no clock, and a severity without target has none', () => {
    expect(ackDueAtMs({ severity: 'critical', startedAtMs: null }, sla)).toBeNull();
    const policy = { ...sla, acknowledgeMinutes: { ...sla.acknowledgeMinutes, informational: null } };
    expect(ackDueAtMs({ severity: 'informational', startedAtMs: START }, policy)).toBeNull();
  });

  test('an unknown severity is never slower than medium', () => {
    expect(sla.acknowledgeMinutes.unknown).toBeLessThanOrEqual(sla.acknowledgeMinutes.medium ?? 0);
  });

  test('an escalation has its own clock', () => {
    expect(escalationDueAtMs('high', START, sla)).toBe(START + 30 * MINUTE);
  });
});

describe('what a clock says', () => {
  const due = START + 60 * MINUTE;
  test.each([
    ['at the start', START, 'running'],
    ['with exactly a quarter left', due - 15 * MINUTE, 'running'],
    ['with less than a quarter left', due - 15 * MINUTE + 1, 'due'],
    ['one millisecond before', due - 1, 'due'],
    ['at the deadline', due, 'breached'],
    ['after it', due + MINUTE, 'breached'],
  ] as const)('%s', (_name, nowMs, expected) => {
    expect(clockState(due, nowMs, dueSoonMs(sla, 'high'))).toBe(expected);
  });

  test('no deadline, no clock', () => {
    expect(clockState(null, START, dueSoonMs(sla, 'high'))).toBe('none');
  });

  test('without a severity the fixed time counts', () => {
    expect(clockState(due, due - 14 * MINUTE, dueSoonTable(sla).otherwise)).toBe('due');
    expect(clockState(due, due - 15 * MINUTE, dueSoonTable(sla).otherwise)).toBe('running');
  });

  test('a clock never runs backwards', () => {
    const order = ['running', 'due', 'breached'];
    for (const severity of SEVERITIES) {
      let last = 0;
      for (let now = START; now < due + 10 * MINUTE; now += MINUTE) {
        const rank = order.indexOf(clockState(due, now, dueSoonTable(sla).bySeverity[severity]));
        expect(rank).toBeGreaterThanOrEqual(last);
        last = rank;
      }
    }
  });
});

describe('where an item starts', () => {
  test.each([
    ['critical', null, 'tier2'],
    ['high', null, 'tier1'],
    ['unknown', null, 'tier1'],
    ['low', 'tier3', 'tier3'],
    ['critical', 'tier1', 'tier2'],
    ['critical', 'lead', 'lead'],
  ] as const)('%s with route %s starts at %s', (severity, route, expected) => {
    expect(initialTier({ severity, route }, sla)).toBe(expected);
  });
});
