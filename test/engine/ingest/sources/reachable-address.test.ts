import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from 'vitest';
import {
  isNeverAsked,
  lookupReachable,
  refuseNeverAsked,
} from '../../../../engine/ingest/sources/reachable-address.ts';

describe('addresses that a machine has for itself', () => {
  it.each([
    'http://169.254.169.254/',
    'http://0xa9fea9fe/latest',
    'http://2852039166',
    'http://[::ffff:169.254.169.254]:9200',
    'http://[fe80::1]',
    'http://[fd00:ec2::254]',
    'http://100.100.100.200',
  ])('%s is never asked', (url) => {
    expect(() => refuseNeverAsked(new URL(url))).toThrow(/never asked/);
  });

  it.each(['http://127.0.0.1:9200', 'https://10.0.0.5', 'http://[::1]', 'http://[fd12::1]', 'https://es.example'])(
    '%s is',
    (url) => {
      expect(() => refuseNeverAsked(new URL(url))).not.toThrow();
    },
  );

  it('a name is looked up as it is asked for: one address, or all', async () => {
    const lookup = (all: boolean) =>
      new Promise<string | LookupAddress[]>((resolve, reject) =>
        lookupReachable('localhost', { all }, (error, found) => (error === null ? resolve(found) : reject(error))),
      );
    expect(['127.0.0.1', '::1']).toContain(await lookup(false));
    expect((await lookup(true)) as LookupAddress[]).toContainEqual({ address: '127.0.0.1', family: 4 });
    expect(isNeverAsked('localhost')).toBe(false);
  });
});
