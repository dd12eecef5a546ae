import { describe, expect, it } from 'vitest';
import { securityHub } from '../../../../engine/ingest/formats/security-hub.ts';
import { asffFinding } from '../../../fixtures/cloud-records.ts';
import { alertOf, whyNot } from './expect-alert.ts';

describe('AWS Security Hub', () => {
  it('reads a finding', () => {
    expect(alertOf(securityHub, asffFinding())).toMatchObject({
      product: 'security hub',
      stableId: 'arn:aws:securityhub:eu-west-1::product/aws/macie|arn:aws:inspector:eu-west-1:210987654321:finding/7',
      observedAtMs: Date.UTC(2026, 10, 2, 4, 20),
      dedupeAtMs: Date.UTC(2026, 10, 2, 4),
      severity: 'high',
      severityScore: 75,
      ruleId: 'aws/macie',
      tactics: ['initial-access'],
      hosts: ['arn:aws:s3:::finance-exports'],
      users: ['partner-sync'],
      sourceIp: '203.0.113.9',
      hashes: { md5: [], sha1: [], sha256: ['b'.repeat(64)] },
      urls: ['https://drop.example.test/a'],
      domains: ['files.example.test'],
      cves: ['CVE-2026-10001'],
      closedAtSource: false,
      tags: ['provider:Macie', 'TTPs/Initial Access/Trusted Relationship', 'malware:Lumen.A'],
    });
  });

  it.each([
    [{ RecordState: 'ARCHIVED' }, true, 'archived'],
    [{ Workflow: { Status: 'SUPPRESSED' } }, true, 'suppressed'],
    [{ Workflow: { Status: 'RESOLVED' } }, true, 'resolved'],
    [{ Workflow: { Status: 'NOTIFIED' } }, false, null],
  ])('with %j enters closed: %s', (change, closedAtSource, sourceVerdict) => {
    expect(alertOf(securityHub, { ...asffFinding(), ...change })).toMatchObject({ closedAtSource, sourceVerdict });
  });

  it('takes the provider’s severity where the finding has none', () => {
    const record = { ...asffFinding(), Severity: {}, FindingProviderFields: { Severity: { Label: 'LOW' } } };
    expect(alertOf(securityHub, record)).toMatchObject({ severity: 'low', severityScore: 25 });
    expect(alertOf(securityHub, { ...asffFinding(), Severity: null })).toMatchObject({ severityScore: null });
    expect(
      alertOf(securityHub, { ...asffFinding(), Severity: { Normalized: 0, Label: 'INFORMATIONAL' } }),
    ).toMatchObject({
      severity: 'informational',
      severityScore: 0,
    });
  });

  it('passes over checks of the configuration, and refuses what has no id', () => {
    expect(whyNot(securityHub, { ...asffFinding(), Compliance: { Status: 'FAILED' } })).toMatch(
      /^skip: a compliance check/,
    );
    expect(whyNot(securityHub, { ...asffFinding(), Id: '-' })).toMatch(/^reject: it has no Id/);
  });

  it('reads what was done from the finding’s action', () => {
    const Action = {
      AwsApiCallAction: {
        Api: 'GetObject',
        ServiceName: 's3.amazonaws.com',
        RemoteIpDetails: { IpAddressV4: '203.0.113.7' },
      },
    };
    expect(alertOf(securityHub, { ...asffFinding(), Network: {}, Action })).toMatchObject({ sourceIp: '203.0.113.7' });
  });
});
