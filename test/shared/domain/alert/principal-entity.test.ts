import { describe, expect, it } from 'vitest';
import { emptyAlert } from '../../../../engine/ingest/formats/draft.ts';
import { principalEntity } from '../../../../shared/domain/alert/principal-entity.ts';
import type { NormalisedAlert } from '../../../../shared/model/alert.ts';

function entityOf(change: Partial<NormalisedAlert>): string {
  const { kind, value } = principalEntity(Object.assign(emptyAlert('suricata'), change));
  return `${kind} ${value}`.trim();
}

describe('what an alert is about', () => {
  it.each<[string, Partial<NormalisedAlert>, string]>([
    ['a host before everything', { hosts: ['SRV-1', 'b'], sourceIp: '10.0.0.1', users: ['ana'] }, 'host srv-1'],
    ['a resource by its path', { hosts: ['arn:aws:s3:::Bucket'] }, 'resource arn:aws:s3:::bucket'],
    ['the private source', { sourceIp: '10.0.0.1', destinationIp: '192.168.1.1' }, 'ip 10.0.0.1'],
    ['the private destination', { sourceIp: '203.0.113.9', destinationIp: '172.16.3.4' }, 'ip 172.16.3.4'],
    ['172.32 is public', { sourceIp: '203.0.113.9', destinationIp: '172.32.3.4' }, 'ip 203.0.113.9'],
    ['a unique local IPv6', { sourceIp: '2001:db8::1', destinationIp: 'FD00::9' }, 'ip fd00::9'],
    ['the source when both are public', { sourceIp: '1.1.1.1', destinationIp: '8.8.8.8' }, 'ip 1.1.1.1'],
    ['the destination alone', { destinationIp: '8.8.8.8', users: ['ana'] }, 'ip 8.8.8.8'],
    ['a person last', { users: ['CORP\\Ana'] }, 'user corp\\ana'],
    ['nothing', {}, 'none'],
  ])('%s', (_name, change, expected) => {
    expect(entityOf(change)).toBe(expected);
  });
});
