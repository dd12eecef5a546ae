import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RuleDocument } from '../../../../shared/domain/rules/rule-document.ts';
import { compileRules } from '../../../../shared/domain/rules/rule-set.ts';
import { decideTriage, type TriageContext } from '../../../../shared/domain/triage/decide-triage.ts';
import { DRAFT_RATIONALE } from '../../../../shared/domain/triage/draft-rule.ts';
import { checkRuleLife } from '../../../../shared/domain/triage/rule-life.ts';
import { DEFAULT_TRIAGE_POLICY } from '../../../../shared/domain/triage/triage-policy.ts';
import type { RuleAction } from '../../../../shared/model/rule.ts';
import { RULE_STATUSES } from '../../../../shared/model/rule.ts';
import { CRITICALITIES, SEVERITIES } from '../../../../shared/model/vocabulary.ts';
import { ruleOf, subjectWith } from '../../../fixtures/rule-subjects.ts';

const NOW_MS = Date.parse('2026-11-21T12:00:00Z');
const BY_ID = '  s:\n    rule.id: "1:2000001"\n  condition: s\n';
const BY_ID_AND_HOST = '  s:\n    rule.id: "1:2000001"\n    host.name: web-1\n  condition: s\n';
const BY_NAME = '  s:\n    rule.name|contains: SCAN\n  condition: s\n';

function rule(changes: Partial<RuleDocument> = {}, detection = BY_ID): RuleDocument {
  return {
    ...ruleOf(detection),
    status: 'certified',
    approvedBy: 'second',
    secondApprovedBy: 'third',
    assurance: { maxFalseCloseRate: null, bound: 0.002 },
    expires: '2027-02-28',
    actions: [{ close: 'false_positive' }],
    ...changes,
  };
}

function context(changes: Partial<TriageContext> = {}): TriageContext {
  return {
    nowMs: NOW_MS,
    automationPaused: false,
    closedTodayByRule: new Map(),
    policy: DEFAULT_TRIAGE_POLICY,
    suppressedUntilMs: () => null,
    ...changes,
  };
}

function decide(rules: RuleDocument[], subject = subjectWith(), changes: Partial<TriageContext> = {}) {
  return decideTriage(subject, compileRules(rules), context(changes));
}

describe('the life of a rule', () => {
  test('a certified rule closes, and says in one sentence why', () => {
    const outcome = decide([rule()]);
    expect(outcome.close).toMatchObject({ ruleVersion: 1, disposition: 'false_positive' });
    expect(outcome.close?.why).toBe('"A rule" (version 1) closed it as false positive, because rule.id is 1:2000001.');
    expect(outcome.hits).toMatchObject([{ mode: 'acted', matched: [{ field: 'rule.id' }] }]);
  });
  test('a shadow rule only says what it would do', () => {
    const outcome = decide([rule({ status: 'shadow', approvedBy: null })]);
    expect(outcome.close).toBeNull();
    expect(outcome.hits).toMatchObject([{ mode: 'shadow' }]);
    expect(outcome.hits[0]?.why).toContain('would close it as false positive');
  });
  test.each(['draft', 'suspended', 'expired'] as const)('a %s rule says nothing', (status) => {
    expect(decide([rule({ status })])).toMatchObject({ close: null, hits: [] });
  });
  test('a rule acts through its last day and not after', () => {
    const expires = '2026-11-21';
    expect(
      decide([rule({ expires })], subjectWith(), { nowMs: Date.parse('2026-11-21T23:59:59.999Z') }).close,
    ).not.toBeNull();
    expect(decide([rule({ expires })], subjectWith(), { nowMs: Date.parse('2026-11-22T00:00:00Z') })).toMatchObject({
      close: null,
      hits: [],
    });
  });
  test('without an expiry, or approved by its owner or nobody, it closes nothing', () => {
    for (const changes of [{ expires: null }, { approvedBy: 'LEAD ' }, { approvedBy: null }]) {
      const outcome = decide([rule(changes)]);
      expect(outcome).toMatchObject({ close: null, hits: [{ mode: 'withheld' }] });
    }
  });
  test('while automation is paused every rule only speaks, with the reason', () => {
    const outcome = decide([rule({ actions: [{ close: 'false_positive' }, { tag: 'x' }] })], subjectWith(), {
      automationPaused: true,
    });
    expect(outcome).toMatchObject({ close: null, tags: [], hits: [{ mode: 'shadow' }] });
    expect(outcome.hits[0]?.why).toContain('automation is paused');
  });
  test('a provisional rule stops at its daily limit, a certified one does not', () => {
    const { id } = rule();
    const at = (n: number, status: 'provisional' | 'certified') =>
      decide([rule({ status })], subjectWith(), { closedTodayByRule: new Map([[id, n]]) }).close;
    expect(at(199, 'provisional')).not.toBeNull();
    expect(at(200, 'provisional')).toBeNull();
    expect(at(200, 'certified')).not.toBeNull();
  });
});

describe('several rules', () => {
  const other = '99999999-2222-4333-8444-555555555555';
  test('the first in their order closes, whatever order they come in, and the conflict is told', () => {
    const rules = [rule({ id: other, actions: [{ close: 'benign_true_positive' }] }), rule()];
    for (const order of [rules, rules.toReversed()]) {
      const outcome = decide(order);
      expect(outcome.close?.disposition).toBe('false_positive');
      expect(outcome.hits).toMatchObject([{ mode: 'acted' }, { mode: 'withheld', ruleId: other }]);
      expect(outcome.hits[1]?.why).toContain('says otherwise');
    }
  });
  test('a certified rule goes before a provisional one', () => {
    const outcome = decide([rule({ status: 'provisional' }), rule({ id: other, actions: [{ close: 'duplicate' }] })]);
    expect(outcome.close?.ruleId).toBe(other);
  });
  test('a rule that asks for people keeps the others from closing', () => {
    const escalate: RuleAction = { escalate: { to: 'tier2', question: 'Planned?' } };
    const outcome = decide([rule(), rule({ id: other, actions: [escalate], expires: null })]);
    expect(outcome).toMatchObject({ close: null, escalate: { to: 'tier2', question: 'Planned?' } });
    expect(outcome.hits[0]?.why).toContain('asks for people');
  });
  test('tags are united, the first route stands, up wins over down', () => {
    const outcome = decide([
      rule({ actions: [{ tag: 'b' }, { priority: 'down' }, { route: { skill: 'cloud' } }] }),
      rule({
        id: other,
        actions: [
          { tag: 'a' },
          { tag: 'b' },
          { priority: 'up' },
          { route: { tier: 'tier2', skill: 'ai' } },
          { playbook: 'p' },
        ],
      }),
    ]);
    expect(outcome.tags).toEqual(['a', 'b', 'playbook:p', 'skill:ai', 'skill:cloud']);
    expect(outcome.route).toEqual({ skill: 'cloud', tier: 'tier2' });
    expect(outcome).toMatchObject({ priorityStep: 1, priorityStepBy: 'A rule', playbook: 'p' });
  });
});

describe('suppression', () => {
  const suppress: RuleAction = { suppress: { forMinutes: 60, by: ['host.name', 'rule.id'] } };
  const subject = subjectWith({ hosts: ['Web-1'] });
  test('shows the first alert and closes those like it as duplicates until its end', () => {
    const first = decide([rule({ actions: [suppress] })], subject);
    expect(first.close).toBeNull();
    expect(first.suppress).toMatchObject([{ untilMs: NOW_MS + 3_600_000 }]);
    const key = first.suppress[0]?.key;
    const suppressedUntilMs = (_rule: string, asked: string) => (asked === key ? NOW_MS + 1 : null);
    expect(decide([rule({ actions: [suppress] })], subject, { suppressedUntilMs }).close?.disposition).toBe(
      'duplicate',
    );
    const elsewhere = subjectWith({ hosts: ['web-2'] });
    expect(decide([rule({ actions: [suppress] })], elsewhere, { suppressedUntilMs }).close).toBeNull();
    expect(decide([rule({ actions: [suppress] })], subject, { suppressedUntilMs, nowMs: NOW_MS + 1 }).close).toBeNull();
  });
  test('does not take alerts without the field for alike', () => {
    const outcome = decide([rule({ actions: [suppress] })], subjectWith());
    expect(outcome).toMatchObject({ close: null, suppress: [], hits: [{ mode: 'withheld' }] });
  });
});

describe('guards', () => {
  const known = { hostCriticality: 'low', userTier0: false } as const;
  test.each([
    ['critical severity', { severity: 'critical' }, known, BY_ID_AND_HOST, 'certified', false],
    [
      'high on a known asset by a certified rule with the id',
      { severity: 'high' },
      known,
      BY_ID_AND_HOST,
      'certified',
      true,
    ],
    ['high by a rule without the id', { severity: 'high' }, known, BY_NAME, 'certified', false],
    ['high by a rule with the id that names no thing', { severity: 'high' }, known, BY_ID, 'certified', false],
    ['high by a provisional rule', { severity: 'high' }, known, BY_ID_AND_HOST, 'provisional', false],
    ['high on an unknown asset', { severity: 'high' }, {}, BY_ID_AND_HOST, 'certified', false],
    [
      'high with one unknown asset',
      { severity: 'high' },
      { ...known, hasUnknownHost: true },
      BY_ID_AND_HOST,
      'certified',
      false,
    ],
    [
      'high on a crown jewel',
      { severity: 'high' },
      { hostCriticality: 'crown_jewel' },
      BY_ID_AND_HOST,
      'certified',
      false,
    ],
    [
      'high by a tier 0 identity',
      { severity: 'high' },
      { ...known, userTier0: true },
      BY_ID_AND_HOST,
      'certified',
      false,
    ],
    [
      'high with an exploited vulnerability',
      { severity: 'high', cves: ['CVE-1'] },
      { ...known, knownExploited: true },
      BY_ID_AND_HOST,
      'certified',
      false,
    ],
    [
      'high with a vulnerability that nobody looked up',
      { severity: 'high', cves: ['CVE-1'] },
      known,
      BY_ID_AND_HOST,
      'certified',
      false,
    ],
    [
      'high with a vulnerability that is not exploited',
      { severity: 'high', cves: ['CVE-1'] },
      { ...known, knownExploited: false },
      BY_ID_AND_HOST,
      'certified',
      true,
    ],
    ['unknown severity counts as high', { severity: 'unknown' }, {}, BY_ID_AND_HOST, 'certified', false],
    ['medium on an unknown asset', { severity: 'medium' }, {}, BY_NAME, 'provisional', true],
  ] as const)('%s', (_name, alert, enrichment, detection, status, closes) => {
    const subject = subjectWith(
      { ...alert, hosts: ['web-1'], cves: 'cves' in alert ? [...alert.cves] : [] },
      enrichment,
    );
    const outcome = decide([rule({ status }, detection)], subject);
    expect(outcome.close !== null).toBe(closes);
    const lowered = decide([rule({ status, actions: [{ priority: 'down' }] }, detection)], subject);
    expect(lowered.priorityStep).toBe(closes ? -1 : 0);
    if (!closes) expect(outcome.hits[0]?.mode).toBe('withheld');
  });

  test.each([
    [{ secondApprovedBy: null }, 'the second approval is missing'],
    [{ secondApprovedBy: ' Second' }, 'second gave both approvals'],
    [{ secondApprovedBy: 'LEAD' }, 'its owner lead gave the second approval'],
  ])('high by a rule with %j as second approval', (changes, why) => {
    const subject = subjectWith({ severity: 'high', hosts: ['web-1'] }, known);
    const outcome = decide([rule(changes, BY_ID_AND_HOST)], subject);
    expect(outcome).toMatchObject({ close: null, hits: [{ mode: 'withheld' }] });
    expect(outcome.hits[0]?.why).toContain(why);
    expect(decide([rule(changes, BY_ID_AND_HOST)], subjectWith({ hosts: ['web-1'] })).close).not.toBeNull();
  });

  test.each([
    ['an ordinary host', {}, true],
    ['an unknown asset', { hostCriticality: null }, true],
    ['a crown jewel', { hostCriticality: 'crown_jewel' }, false],
    ['a tier 0 identity', { userTier0: true }, false],
    ['a vulnerability that is known to be exploited', { knownExploited: true }, false],
  ] as const)('high that two people take for medium on %s', (target, changes, closes) => {
    const subject = subjectWith({ severity: 'high', hosts: ['web-1'] }, { ...known, ...changes });
    const outcome = decide([rule({ status: 'provisional' }, BY_NAME)], subject, { severity: 'medium' });
    expect(outcome.close !== null).toBe(closes);
    if (!closes) expect(outcome.hits[0]?.why).toContain(target);
  });

  test('a bound that nobody asked for shows nothing', () => {
    const subject = subjectWith({ severity: 'high', hosts: ['web-1'] }, known);
    const unasked = rule({ assurance: { maxFalseCloseRate: null } }, BY_ID_AND_HOST);
    expect(decide([unasked], subject).close).toBeNull();
  });

  test.each([
    [0.002, true],
    [0.0021, false],
    [1, false],
  ])('high by a certified rule whose audits show at most %f', (bound, closes) => {
    const subject = subjectWith({ severity: 'high', hosts: ['web-1'] }, known);
    const certified = rule({ status: 'certified' }, BY_ID_AND_HOST);
    const outcome = decide([{ ...certified, assurance: { ...certified.assurance, bound } }], subject);
    expect(outcome.close !== null).toBe(closes);
  });

  test('a named rule id must be one, not a pattern or one of several ways', () => {
    const subject = subjectWith({ severity: 'high', hosts: ['web-1'] }, known);
    const patterns = [
      '  s:\n    rule.id: "1:*"\n  condition: s\n',
      '  s:\n    rule.id|startswith: "1:2000001"\n  condition: s\n',
      '  s:\n    - rule.id: "1:2000001"\n    - rule.name|contains: SCAN\n  condition: s\n',
      '  s:\n    rule.id: "1:2000001"\n  t:\n    rule.name|contains: SCAN\n  condition: s or t\n',
      '  s:\n    rule.id|neq: "1:9"\n  condition: s\n',
      '  s:\n    rule.id: "1:9"\n  condition: not s\n',
    ];
    const onWeb1 = (detection: string) =>
      detection
        .replace('  condition: ', '  host:\n    host.name: web-1\n  condition: host and (')
        .replace(/\n$/, ')\n');
    for (const detection of patterns) {
      const outcome = decide([rule({}, onWeb1(detection))], subject);
      expect(outcome.close, detection).toBeNull();
      expect(outcome.hits[0]?.why ?? 'it does not match').toMatch(/rule\.id|does not match/);
    }
    const named =
      '  s:\n    rule.id: ["1:1", "1:2000001"]\n  t:\n    rule.name|contains: SCAN\n  condition: all of them\n';
    expect(decide([rule({}, onWeb1(named))], subject).close).not.toBeNull();
  });

  test('a condition that hangs on something unknown closes nothing and says what', () => {
    const detection = `${BY_ID.replace('condition: s', '')}  c:\n    host.criticality: crown_jewel\n  condition: s and not c\n`;
    const outcome = decide([rule({}, detection.replace(/\n {2}\n/, '\n'))]);
    expect(outcome).toMatchObject({ close: null, hits: [{ mode: 'withheld' }] });
    expect(outcome.hits[0]?.why).toContain('nothing is known of host.criticality');
  });

  const action: fc.Arbitrary<RuleAction> = fc.oneof(
    fc.constant<RuleAction>({ close: 'false_positive' }),
    fc.constant<RuleAction>({ priority: 'down' }),
    fc.constant<RuleAction>({ suppress: { forMinutes: 5, by: ['rule.id'] } }),
    fc.constant<RuleAction>({ tag: 't' }),
    fc.constant<RuleAction>({ escalate: { to: 'tier2', question: 'q' } }),
  );
  const looseRule = fc
    .record({
      // Rules that may act are drawn often, or most runs would try nothing.
      status: fc.constantFrom(...RULE_STATUSES, 'provisional', 'certified', 'certified', 'certified'),
      approvedBy: fc.constantFrom(null, 'lead', 'second', 'second', 'second', 'second'),
      expires: fc.constantFrom(null, '2020-01-01', '2027-02-28', '2027-02-28', '2027-02-28'),
      actions: fc.array(action, { minLength: 1, maxLength: 3 }),
      secondApprovedBy: fc.constantFrom(null, 'lead', 'second', 'third', 'third', 'third', 'third'),
      bound: fc.constantFrom(undefined, 0.0001, 0.002, 0.002, 0.002, 0.0021, 1),
      detection: fc.constantFrom(BY_ID, BY_NAME, BY_ID_AND_HOST, BY_ID_AND_HOST, BY_ID_AND_HOST),
      id: fc.uuid(),
    })
    .map(({ detection, bound, ...changes }) =>
      rule(
        { ...changes, assurance: { maxFalseCloseRate: null, ...(bound === undefined ? {} : { bound }) } },
        detection,
      ),
    );
  /** A rule that may touch high severity, or lacks just one thing for it. */
  const nearlyProven = fc
    .record({
      lacks: fc.constantFrom<Partial<RuleDocument>>(
        {},
        {},
        { status: 'provisional' },
        { approvedBy: 'lead' },
        { secondApprovedBy: null },
        { secondApprovedBy: 'second' },
        { assurance: { maxFalseCloseRate: null } },
        { assurance: { maxFalseCloseRate: null, bound: 0.0021 } },
      ),
      detection: fc.constantFrom(BY_ID_AND_HOST, BY_ID_AND_HOST, BY_ID_AND_HOST, BY_ID, BY_NAME),
      id: fc.uuid(),
    })
    .map(({ lacks, detection, id }) => rule({ ...lacks, id }, detection));
  const anyRule = fc.oneof(looseRule, nearlyProven);
  /** Said once more and not by the guards' own code: what may touch high severity at all. */
  const mayTouchHigh = (each: RuleDocument): boolean =>
    each.status === 'certified' &&
    each.approvedBy === 'second' &&
    each.secondApprovedBy === 'third' &&
    (each.assurance.bound ?? 1) <= 0.002 &&
    each.text.includes('host.name: web-1');

  test('no rule or set of rules passes them', () => {
    let [passed, passedHigh] = [0, 0];
    fc.assert(
      fc.property(
        fc.array(anyRule, { minLength: 1, maxLength: 4 }),
        // High severity on ordinary targets is drawn often: it is what the guards hang on.
        fc.constantFrom(...SEVERITIES, 'high', 'high', 'high'),
        fc.constantFrom(...CRITICALITIES, null, 'low', 'medium'),
        fc.constantFrom(true, false, false, null),
        fc.constantFrom(true, false, false, null),
        fc.constantFrom(false, false, false, true),
        (rules, severity, hostCriticality, userTier0, knownExploited, automationPaused) => {
          const subject = subjectWith({ severity, hosts: ['web-1'] }, { hostCriticality, userTier0, knownExploited });
          const suppressedUntilMs = () => NOW_MS + 1;
          const outcome = decide(rules, subject, { automationPaused, suppressedUntilMs });
          const takesAway = outcome.close !== null || outcome.suppress.length > 0 || outcome.priorityStep < 0;
          if (!takesAway) return;
          passed++;
          expect(automationPaused).toBe(false);
          expect(severity).not.toBe('critical');
          const acting = rules.filter(
            ({ status, approvedBy }) => ['provisional', 'certified'].includes(status) && approvedBy === 'second',
          );
          expect(acting.some(({ expires }) => expires !== '2020-01-01')).toBe(true);
          if (severity !== 'high' && severity !== 'unknown') return;
          expect(['low', 'medium', 'high']).toContain(hostCriticality);
          expect(userTier0).not.toBe(true);
          expect(knownExploited).not.toBe(true);
          passedHigh++;
          expect(acting.some(mayTouchHigh)).toBe(true);
          const closer = rules.find(({ id }) => id === outcome.close?.ruleId);
          if (closer === undefined) return;
          expect(mayTouchHigh(closer)).toBe(true);
          expect(closer).toMatchObject({ expires: '2027-02-28' });
        },
      ),
      { numRuns: 2000 },
    );
    // Otherwise nothing was tried.
    expect(passed).toBeGreaterThan(100);
    expect(passedHigh).toBeGreaterThan(20);
  });
});

describe('checks of a life', () => {
  const messages = (changes: Partial<RuleDocument>) =>
    checkRuleLife(rule({ status: 'provisional', ...changes }), DEFAULT_TRIAGE_POLICY, NOW_MS).map(
      (problem) => `${problem.level} ${problem.message}`,
    );
  test.each([
    [{}, null],
    [{ expires: null }, 'error A rule that closes needs "expires"'],
    [{ expires: null, actions: [{ tag: 'x' }] as RuleAction[] }, null],
    [{ expires: '2028-01-01' }, 'error A rule that closes runs at most 366 days'],
    [{ expires: '2027-02-30' }, 'error There is no day'],
    [{ expires: '2026-11-20' }, 'warning It expired'],
    [{ approvedBy: null }, 'error A provisional rule needs "approvedBy"'],
    [{ status: 'certified' } as const, 'warning Only audits certify'],
    [{ rationale: DRAFT_RATIONALE }, 'warning This is what every new draft says'],
    [{ secondApprovedBy: 'Second' }, 'error "secondApprovedBy" must be another person'],
    [{ approvedBy: 'Lead' }, 'error "approvedBy" must be another person'],
    [{ status: 'shadow', approvedBy: null } as const, null],
  ])('%j', (changes, expected) => {
    const found = messages(changes);
    if (expected === null) expect(found).toEqual([]);
    else expect(found.join('\n')).toContain(expected);
  });
});
