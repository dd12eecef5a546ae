import { describe, expect, test } from 'vitest';
import { cveFactsOf, makeEnricher } from '../../../../shared/domain/enrichment/enricher.ts';
import type { NormalisedAlert } from '../../../../shared/model/alert.ts';
import type { Asset, Identity } from '../../../../shared/model/lists.ts';
import { alertWith } from '../../../fixtures/rule-subjects.ts';

function asset(key: string, kind: Asset['kind'], criticality: Asset['criticality'], more: Partial<Asset> = {}): Asset {
  return { key, kind, criticality, internetFacing: null, owner: null, note: null, ...more };
}
function identity(key: string, tier0: boolean | null, criticality: Identity['criticality'] = null): Identity {
  return { key, tier0, criticality, owner: null, note: null };
}

const enrich = makeEnricher({
  assets: [
    asset('web-1', 'host', 'high', { internetFacing: true, owner: 'Web team' }),
    asset('db-1.corp.example', 'host', 'crown_jewel', { internetFacing: false }),
    asset('10.0.0.0/8', 'cidr', 'low'),
    asset('10.20.0.0/16', 'cidr', 'medium'),
    asset('10.20.30.0/24', 'cidr', 'high'),
    asset('10.20.30.40', 'ip', 'crown_jewel'),
    asset('2001:db8::/32', 'cidr', 'medium'),
    asset('10.20.128.0/17', 'cidr', null),
  ],
  identities: [identity('ana', false), identity('svc@corp.example', true), identity('corp\\root', true, 'high')],
  knownExploited: new Map([['CVE-2021-44228', { epss: 0.94, ransomware: true }]]),
});

const of = (alert: Partial<NormalisedAlert>) => enrich(alertWith(alert));

describe('machines', () => {
  test.each([
    [{ hosts: ['web-1'] }, 'high'],
    [{ hosts: ['WEB-1.corp.example'] }, 'high'],
    [{ hosts: ['db-1.corp.example.'] }, 'crown_jewel'],
    [{ hosts: ['db-1'] }, null],
    [{ hosts: ['10.20.30.40'] }, 'crown_jewel'],
    [{ sourceIp: '10.20.30.40' }, 'crown_jewel'],
    [{ sourceIp: '10.20.30.41' }, 'high'],
    [{ sourceIp: '10.20.31.1' }, 'medium'],
    [{ sourceIp: '10.99.0.1' }, 'low'],
    [{ sourceIp: '::ffff:10.20.30.40' }, 'crown_jewel'],
    [{ destinationIp: '2001:db8::7' }, 'medium'],
    [{ sourceIp: '10.99.0.1', destinationIp: '10.20.30.41' }, 'high'],
    [{ sourceIp: '203.0.113.9' }, null],
    [{ sourceIp: 'not an address' }, null],
    [{ hosts: ['10.1'] }, null],
    [{ sourceIp: '10.20.200.1' }, null],
    [{}, null],
  ] as [Partial<NormalisedAlert>, string | null][])('%j is %s', (alert, expected) => {
    expect(of(alert).hostCriticality).toBe(expected);
  });

  test.each([
    [{ hosts: ['web-1', 'nobody-knows'] }, true],
    [{ hosts: ['web-1'], sourceIp: '203.0.113.9' }, false],
    [{ hosts: ['web-1'], sourceIp: '192.168.7.7' }, false],
    [{ sourceIp: '10.99.0.1', destinationIp: '192.168.7.7' }, true],
    [{ sourceIp: '10.99.0.1', destinationIp: '203.0.113.9' }, false],
    [{ sourceIp: '10.99.0.1', destinationIp: '10.20.200.1' }, true],
  ] as [Partial<NormalisedAlert>, boolean][])('%j has an unknown machine: %s', (alert, expected) => {
    expect(of(alert).hasUnknownHost).toBe(expected);
  });

  test('say "not internet-facing" only when all of them do', () => {
    expect(of({ hosts: ['web-1', 'nobody-knows'] }).hostInternetFacing).toBe(true);
    expect(of({ hosts: ['db-1.corp.example'] }).hostInternetFacing).toBe(false);
    expect(of({ hosts: ['db-1.corp.example', 'nobody-knows'] }).hostInternetFacing).toBeNull();
    expect(of({ hosts: ['web-1'] }).hostOwner).toBe('Web team');
  });
});

describe('accounts', () => {
  test.each([
    [['ana'], false],
    [['CORP\\ana'], false],
    [['Ana@corp.example'], false],
    [['svc@corp.example'], true],
    [['svc'], null],
    [['CORP\\root'], true],
    [['OTHER\\root'], null],
    [['ana', 'svc@corp.example'], true],
    [['ana', 'stranger'], null],
    [[], null],
  ] as [string[], boolean | null][])('%j is tier 0: %s', (users, expected) => {
    expect(of({ users }).userTier0).toBe(expected);
  });
  test('criticality of several is known only when all are', () => {
    expect(of({ users: ['CORP\\root'] }).userCriticality).toBe('high');
    expect(of({ users: ['CORP\\root', 'stranger'] }).userCriticality).toBeNull();
  });
});

test('a vulnerability is exploited, not exploited, or nobody asked', () => {
  expect(of({ cves: ['cve-2021-44228', 'CVE-1'] }).knownExploited).toBe(true);
  expect(of({ cves: ['CVE-1'] }).knownExploited).toBe(false);
  expect(of({}).knownExploited).toBeNull();
  const without = makeEnricher({ assets: [], identities: [], knownExploited: null });
  expect(without(alertWith({ cves: ['CVE-1'] })).knownExploited).toBeNull();
  expect(cveFactsOf(['CVE-1'], null)).toEqual([
    { id: 'CVE-1', epss: null, isKnownExploited: null, usedByRansomware: null },
  ]);
});
