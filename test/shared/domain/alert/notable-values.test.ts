import { expect, it } from 'vitest';
import { emptyAlert } from '../../../../engine/ingest/formats/draft.ts';
import { notableValues } from '../../../../shared/domain/alert/notable-values.ts';

const of = (change: object) =>
  notableValues(Object.assign(emptyAlert('falco'), change)).map(({ kind, value }) => `${kind}: ${value}`);

it('names hashes, destinations and the command line, each once and spelled alike', () => {
  expect(
    of({
      hashes: { md5: [], sha1: [], sha256: ['ABCD', 'abcd'] },
      destinationIp: '198.51.100.7',
      domains: ['Evil.Example'],
      urls: ['https://user@evil.example/a?b=1', 'https://EVIL.example/c', 'no url'],
      process: { executable: '/bin/sh', commandLine: 'sh -c Id', parentExecutable: null },
    }),
  ).toEqual(['hash: abcd', 'destination: 198.51.100.7', 'destination: evil.example', 'command line: sh -c Id']);
});

it('tells command lines apart by every character, and sources not at all', () => {
  const line = (commandLine: string) => of({ process: { executable: null, commandLine, parentExecutable: null } });
  expect(line('a')).not.toEqual(line('A'));
  expect(of({ sourceIp: '203.0.113.1', hosts: ['h'], users: ['u'] })).toEqual([]);
});
