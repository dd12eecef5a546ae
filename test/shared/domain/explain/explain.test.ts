import { describe, expect, it } from 'vitest';
import { type StoryFacts, storyOf } from '../../../../shared/domain/explain/story.ts';
import { inWords, type WhyFacts, whyHere } from '../../../../shared/domain/explain/why-here.ts';
import type { PriorityTerm } from '../../../../shared/model/priority.ts';

const NOW = Date.UTC(2026, 2, 2, 9);
const MINUTE = 60_000;

const term = (factor: PriorityTerm['factor'], points: number, reason: string, known = true): PriorityTerm => ({
  factor,
  value: 2,
  bits: 1,
  points,
  known,
  reason,
});

const facts: WhyFacts = {
  severity: 'high',
  level: 'P2',
  points: 61.4,
  priority: {
    terms: [
      term('precision', -7, '40 % of such alerts are expected to be true.'),
      term('asset', 15.9, 'The host’s criticality is crown jewel (×8).'),
      term('exploit', 0, 'Unknown: the alert names no CVE.', false),
    ],
    adjustments: [],
  },
  status: 'new',
  tier: 'tier1',
  ownerName: null,
  dueAtMs: NOW + 12 * MINUTE,
  holdUntilMs: null,
  notNowCount: 0,
  closed: null,
  withheld: [],
};

describe('why an item is here', () => {
  const cases: [string, Partial<WhyFacts>, string][] = [
    [
      'names the term that moved it most, its place and its clock',
      {},
      'P2 with 61 points because the host’s criticality is crown jewel (×8); it is with tier 1, nobody owns it yet, and its clock is due in 12 minutes.',
    ],
    [
      'lets an adjustment overrule the terms',
      { priority: { ...facts.priority, adjustments: ['Lifted to P2: critical severity is never below P2.'] } },
      'P2 with 61 points because lifted to P2: critical severity is never below P2; it is with tier 1, nobody owns it yet, and its clock is due in 12 minutes.',
    ],
    [
      'falls back to what is expected of such alerts',
      { priority: { terms: facts.priority.terms.slice(0, 1), adjustments: [] }, dueAtMs: null },
      'P2 with 61 points because 40 % of such alerts are expected to be true; it is with tier 1, nobody owns it yet, and no clock runs.',
    ],
    [
      'says who works on it, that it was put off, and that its clock ran out',
      { status: 'in_progress', ownerName: 'Ana Ruiz', notNowCount: 2, dueAtMs: NOW - 3 * 60 * MINUTE },
      'P2 with 61 points because the host’s criticality is crown jewel (×8); it is with tier 1, Ana Ruiz works on it, put off 2 times, and its clock ran out 3 hours ago.',
    ],
    [
      'tells of a rule that was held back',
      { withheld: ['“Scanner” would close it, but critical alerts are never closed by a machine.'] },
      'P2 with 61 points because the host’s criticality is crown jewel (×8); it is with tier 1, nobody owns it yet, and its clock is due in 12 minutes. “Scanner” would close it, but critical alerts are never closed by a machine.',
    ],
    [
      'says who closed it',
      { closed: { by: 'the rule “Scanner”', disposition: 'benign_true_positive' } },
      'It is no longer in the queue: the rule “Scanner” closed it as benign true positive.',
    ],
  ];
  it.each(cases)('%s', (_what, more, expected) => {
    expect(whyHere({ ...facts, ...more }, NOW)).toBe(expected);
  });

  it('speaks of time in the largest unit that says enough', () => {
    const ms = [0, 29_000, 60_000, 119 * MINUTE, 120 * MINUTE, 47 * 60 * MINUTE, 49 * 60 * MINUTE];
    expect(ms.map(inWords)).toEqual([
      'less than a minute',
      'less than a minute',
      '1 minute',
      '119 minutes',
      '2 hours',
      '47 hours',
      '2 days',
    ]);
  });
});

describe('the story of an item', () => {
  const story: StoryFacts = {
    productName: 'Suricata',
    alert: {
      title: 'ET MALWARE beacon',
      ruleName: 'ET MALWARE beacon',
      hosts: [],
      users: [],
      sourceIp: '10.0.0.5',
      sourcePort: 4711,
      destinationIp: '2001:db8::7',
      destinationPort: 443,
      process: { executable: null, commandLine: null, parentExecutable: null },
      sourceAction: 'allowed',
      domains: [],
      cves: [],
    },
    count: 14,
    firstObservedAtMs: NOW,
    lastObservedAtMs: NOW + 30 * MINUTE,
  };

  it('says what, when, and where traffic went', () => {
    expect(storyOf(story)).toBe(
      'Suricata reported “ET MALWARE beacon” 14 times, from 2026-03-02 09:00 to 2026-03-02 09:30 UTC. Traffic went from 10.0.0.5:4711 to [2001:db8::7]:443; it was let through.',
    );
  });

  it('says on which machine, under which account, and what ran', () => {
    const process = {
      executable: 'C:\\Windows\\cmd.exe',
      commandLine: 'cmd /c whoami',
      parentExecutable: 'winword.exe',
    };
    const alert = {
      ...story.alert,
      sourceIp: null,
      destinationIp: null,
      sourceAction: null,
      hosts: ['a', 'b', 'c', 'd'],
      users: ['CORP\\jo'],
      process,
      cves: ['CVE-2026-1'],
    };
    expect(storyOf({ ...story, alert, count: 1 })).toBe(
      'Suricata reported “ET MALWARE beacon” once, on 2026-03-02 09:00 UTC. It concerns a, b, c and 1 more and the account CORP\\jo. What ran: cmd /c whoami, started by winword.exe. It names CVE-2026-1.',
    );
  });

  it('cuts a command line that nobody would read to its end', () => {
    const process = { executable: null, commandLine: 'x'.repeat(5_000), parentExecutable: null };
    expect(storyOf({ ...story, alert: { ...story.alert, process } }).length).toBeLessThan(600);
  });
});
