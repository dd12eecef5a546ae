import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DecidedBy,
  decide,
  type GroupDecision,
  type GroupState,
} from '../../../../shared/domain/decisions/group-transition.ts';
import { slaPolicySchema } from '../../../../shared/model/policy.ts';
import { DISPOSITIONS, OPEN_STATUSES, SEVERITIES, TIERS } from '../../../../shared/model/vocabulary.ts';

const each = <T>(value: T) => Object.fromEntries(SEVERITIES.map((severity) => [severity, value]));
const policy = slaPolicySchema.parse({
  id: 'test',
  version: 1,
  basis: 'default',
  note: 'for tests',
  acknowledgeMinutes: each(30),
  escalationMinutes: each(60),
  dueSoon: { share: 0.25, minutes: 10 },
  initialTier: each('tier1'),
  notNowLimit: 3,
});

const NOW = 1_000_000;
const MINUTE = 60_000;
const ana: DecidedBy = { id: 'ana', isLead: false };
const lea: DecidedBy = { id: 'lea', isLead: true };

const fresh: GroupState = {
  severity: 'high',
  status: 'new',
  disposition: null,
  tier: 'tier1',
  assigneeId: null,
  notNowCount: 0,
  dueAtMs: NOW + 10 * MINUTE,
  holdUntilMs: null,
  tags: [],
  news: null,
  closed: null,
};
const withBen: GroupState = { ...fresh, status: 'in_progress', assigneeId: 'ben', dueAtMs: null };
const closed: GroupState = {
  ...withBen,
  status: 'closed',
  disposition: 'false_positive',
  closed: { atMs: NOW - 1, kind: 'person', id: 'ben', ruleVersion: null, reason: 'known', covers: null },
};
const held: GroupState = {
  ...fresh,
  status: 'on_hold',
  holdUntilMs: NOW + 60 * MINUTE,
  dueAtMs: NOW + 90 * MINUTE,
};

function check(
  state: GroupState,
  decision: GroupDecision,
  by: DecidedBy,
  expected: Partial<GroupState> | { refused: string },
): void {
  const outcome = decide(state, decision, by, NOW, policy);
  if ('refused' in expected) expect(outcome).toEqual({ kind: 'refused', reason: expected.refused });
  else expect(outcome).toEqual({ kind: 'changed', state: { ...state, ...expected } });
}

describe('a decision on an item', () => {
  it('acknowledges: stops the first clock and gives it an owner', () => {
    const acknowledge = { kind: 'acknowledge' } as const;
    check(fresh, acknowledge, ana, { status: 'acknowledged', assigneeId: 'ana', dueAtMs: null });
    check({ ...fresh, assigneeId: 'ben' }, acknowledge, ana, { status: 'acknowledged', dueAtMs: null });
    check(withBen, acknowledge, ana, { refused: 'is already acknowledged' });
    check({ ...held, assigneeId: 'ben' }, acknowledge, ana, { refused: 'is on hold' });
    check(closed, acknowledge, ana, { refused: 'is already closed as false positive. Reopen it first' });
    const escalated: GroupState = { ...fresh, status: 'acknowledged', tier: 'tier2' };
    check(escalated, acknowledge, ana, { assigneeId: 'ana' });
  });

  it('gives work: to oneself by anybody, to others by a lead, back to the pool by its owner', () => {
    check(fresh, { kind: 'assign', personId: 'ana' }, ana, { assigneeId: 'ana', status: 'in_progress', dueAtMs: null });
    check(withBen, { kind: 'assign', personId: 'ana' }, ana, { assigneeId: 'ana' });
    check(fresh, { kind: 'assign', personId: 'ben' }, lea, { assigneeId: 'ben' });
    check(fresh, { kind: 'assign', personId: 'ben' }, ana, {
      refused: 'can be given to another person by a lead only',
    });
    check(withBen, { kind: 'assign', personId: null }, ana, {
      refused: 'is with somebody else; they or a lead can release it',
    });
    check(withBen, { kind: 'assign', personId: null }, lea, { assigneeId: null, status: 'acknowledged' });
    check(fresh, { kind: 'assign', personId: null }, lea, { refused: 'is not owned by anyone' });
  });

  it('closes and opens again with a new clock', () => {
    check(held, { kind: 'dispose', disposition: 'duplicate', reason: 'same as 12' }, ana, {
      status: 'closed',
      disposition: 'duplicate',
      dueAtMs: null,
      holdUntilMs: null,
      closed: { atMs: NOW, kind: 'person', id: 'ana', ruleVersion: null, reason: 'same as 12', covers: null },
    });
    check(closed, { kind: 'reopen' }, ana, {
      status: 'new',
      disposition: null,
      assigneeId: null,
      dueAtMs: NOW + 30 * MINUTE,
      closed: null,
    });
    check(fresh, { kind: 'reopen' }, ana, { refused: 'is open' });
  });

  it('puts a running clock off for as long as a hold lasts, and no longer', () => {
    const untilMs = NOW + 60 * MINUTE;
    const running: GroupState = { ...withBen, dueAtMs: NOW + 30 * MINUTE };
    check(running, { kind: 'hold', untilMs }, ana, {
      status: 'on_hold',
      holdUntilMs: untilMs,
      dueAtMs: NOW + 90 * MINUTE,
    });
    check(fresh, { kind: 'hold', untilMs }, ana, { status: 'on_hold', holdUntilMs: untilMs, dueAtMs: null });
    check(held, { kind: 'assign', personId: 'ana' }, ana, {
      status: 'in_progress',
      assigneeId: 'ana',
      holdUntilMs: null,
      dueAtMs: NOW + 30 * MINUTE,
    });
    check({ ...held, holdUntilMs: NOW }, { kind: 'resume' }, ana, { status: 'new', holdUntilMs: null });
    check({ ...held, holdUntilMs: NOW, dueAtMs: null }, { kind: 'resume' }, ana, {
      status: 'new',
      holdUntilMs: null,
      dueAtMs: NOW + 30 * MINUTE,
    });
    check({ ...held, holdUntilMs: NOW, assigneeId: 'ben' }, { kind: 'resume' }, ana, {
      status: 'acknowledged',
      holdUntilMs: null,
    });
  });

  it('counts "not now" on the item, and sends it up at the limit', () => {
    check(fresh, { kind: 'notNow' }, ana, { notNowCount: 1 });
    check({ ...withBen, assigneeId: 'ana' }, { kind: 'notNow' }, ana, {
      notNowCount: 1,
      assigneeId: null,
      status: 'acknowledged',
    });
    check(withBen, { kind: 'notNow' }, ana, { refused: 'is with somebody else' });
    check({ ...fresh, notNowCount: 2 }, { kind: 'notNow' }, ana, { tier: 'tier2', notNowCount: 0 });
    check({ ...fresh, tier: 'lead', notNowCount: 2 }, { kind: 'notNow' }, ana, { notNowCount: 3 });
  });

  it('tags open and closed items once', () => {
    check(closed, { kind: 'tag', tag: 'vpn', isRemoved: false }, ana, { tags: ['vpn'] });
    check({ ...fresh, tags: ['vpn'] }, { kind: 'tag', tag: 'vpn', isRemoved: false }, ana, {
      refused: 'has that tag already',
    });
    check({ ...fresh, tags: ['vpn', 'x'] }, { kind: 'tag', tag: 'vpn', isRemoved: true }, ana, { tags: ['x'] });
  });

  it('never leaves a state that contradicts itself, whatever is decided in whatever order', () => {
    const decision: fc.Arbitrary<GroupDecision> = fc.oneof(
      fc.constantFrom<GroupDecision>(
        { kind: 'acknowledge' },
        { kind: 'notNow' },
        { kind: 'reopen' },
        { kind: 'resume' },
      ),
      fc.constantFrom('ana', 'ben', null).map((personId) => ({ kind: 'assign' as const, personId })),
      fc.constantFrom(...DISPOSITIONS).map((disposition) => ({ kind: 'dispose' as const, disposition, reason: 'r' })),
      fc.constantFrom(...TIERS).map((toTier) => ({ kind: 'escalate' as const, toTier, dueAtMs: NOW + 5 * MINUTE })),
      fc.integer({ min: 1, max: 9 }).map((n) => ({ kind: 'hold' as const, untilMs: NOW + n * 100 * MINUTE })),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(decision, fc.constantFrom(ana, lea)), { maxLength: 30 }), (steps) => {
        let state = fresh;
        let nowMs = NOW;
        for (const [one, by] of steps) {
          nowMs += 7 * MINUTE;
          const outcome = decide(state, one, by, nowMs, policy);
          if (outcome.kind === 'changed') state = outcome.state;
          expect(state.closed === null).toBe(OPEN_STATUSES.includes(state.status));
          expect(state.closed === null).toBe(state.disposition === null);
          expect(state.status === 'on_hold').toBe(state.holdUntilMs !== null);
          if (state.status === 'in_progress') expect(state.assigneeId).not.toBeNull();
          if (state.closed !== null) expect(state.dueAtMs).toBeNull();
        }
      }),
      { numRuns: 300 },
    );
  });
});
