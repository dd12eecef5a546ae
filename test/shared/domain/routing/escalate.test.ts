import { describe, expect, test } from 'vitest';
import { loadPolicies } from '../../../../engine/policies.ts';
import { namedBackup, planEscalation, type RosterNow } from '../../../../shared/domain/routing/escalate.ts';

const { sla } = loadPolicies();
const NOW = Date.UTC(2026, 10, 2, 8);
const roster: RosterNow = {
  people: [
    { id: 'ana', tier: 'tier1' },
    { id: 'ben', tier: 'tier2' },
    { id: 'cho', tier: 'tier2' },
    { id: 'dee', tier: 'lead' },
  ],
  onDutyIds: new Set(['ana', 'cho', 'dee']),
};
const ask = { severity: 'high', fromTier: 'tier1', toTier: null, askedBy: 'ana', askedAtMs: NOW } as const;

describe('planning an escalation', () => {
  test('goes one tier up, with the clock of its severity and a person on duty as backup', () => {
    expect(planEscalation(ask, roster, sla)).toEqual({
      kind: 'go',
      toTier: 'tier2',
      dueAtMs: NOW + 30 * 60_000,
      backupId: 'cho',
      why: 'Sent to tier 2; an answer is due in 30 minutes.',
    });
  });

  test('passes over a tier that has nobody', () => {
    expect(planEscalation({ ...ask, fromTier: 'tier2' }, roster, sla)).toMatchObject({ kind: 'go', toTier: 'lead' });
  });

  test('takes the next tier when the roster is empty', () => {
    const empty = { people: [], onDutyIds: new Set<string>() };
    expect(planEscalation(ask, empty, sla)).toMatchObject({ kind: 'go', toTier: 'tier2', backupId: null });
  });

  test('keeps a tier that was asked for by name, even above the next', () => {
    expect(planEscalation({ ...ask, toTier: 'lead' }, roster, sla)).toMatchObject({ toTier: 'lead', backupId: 'dee' });
  });

  test.each(['lead', 'tier2'] as const)('refuses sideways and down from the lead to %s', (toTier) => {
    expect(planEscalation({ ...ask, fromTier: 'lead', toTier }, roster, sla).kind).toBe('refused');
  });

  test('refuses above the lead with what to know', () => {
    expect(planEscalation({ ...ask, fromTier: 'lead' }, roster, sla)).toEqual({
      kind: 'refused',
      reason: 'There is no tier above the lead.',
    });
  });
});

test('the backup is never somebody who is excepted or off duty', () => {
  expect(namedBackup('tier2', ['cho'], roster)).toBeNull();
  expect(namedBackup('tier2', [], roster)).toBe('cho');
  expect(namedBackup('tier3', [], roster)).toBeNull();
});
