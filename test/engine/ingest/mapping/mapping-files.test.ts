import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUILT_IN, FORMATS } from '../../../../engine/ingest/formats/index.ts';
import { loadCatalogue, readMappingFiles } from '../../../../engine/ingest/mapping/mapping-files.ts';
import { makeClassifier } from '../../../../engine/ingest/pipeline-classify.ts';
import type { RawRecord } from '../../../../engine/ingest/records/raw-record.ts';
import type { JsonObject } from '../../../../shared/model/json.ts';
import { eveRecord, wazuhDocument } from '../../../fixtures/alert-records.ts';

const ACME = `name: acme
recognise: { field: vendor, equals: acme }
id: n
fields: { time: at, title: what }
`;

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'evenwatch-mappings-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function write(name: string, text: string | Buffer): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

const record = (value: JsonObject): RawRecord => ({
  kind: 'record',
  value,
  bytes: Buffer.from(JSON.stringify(value)),
  line: 1,
});

describe('mapping files of a workspace', () => {
  it('adds them to the formats of the program, and does without when there are none', () => {
    expect(loadCatalogue({ own: join(dir, 'gone'), program: null })).toMatchObject({
      problems: [],
      mappings: [],
      catalogue: BUILT_IN,
    });
    write('acme.yml', ACME);
    const { catalogue, problems } = loadCatalogue({ own: dir, program: null });
    expect(problems).toEqual([]);
    expect(catalogue.formats.map(({ name }) => name)).toEqual(['acme', ...FORMATS.map(({ name }) => name)]);
    expect(catalogue.named('acme')?.label).toBe('acme');
    expect(catalogue.named('wazuh')?.name).toBe('wazuh');
  });

  it('reads no more of a folder than a few megabytes, and says which files were left out', () => {
    const long = (name: string) => write(`${name}.yml`, `${ACME.replace('acme', name)}# ${'x'.repeat(900_000)}\n`);
    for (const letter of 'abcdefghi') long(`acme-${letter}`);
    write('z.yml', ACME);
    const { mappings, problems } = loadCatalogue({ own: dir, program: null });
    expect(mappings.map(({ mapping }) => mapping.name)).toEqual([...'abcdefgh'].map((x) => `acme-${x}`).concat('acme'));
    expect(problems).toMatchObject([{ path: join(dir, 'acme-i.yml'), message: expect.stringContaining('8 MB') }]);
  });

  it('reports what is broken, with its place, and goes on with the others', () => {
    write('a-broken.yml', 'name: a-broken\nrecognise: { has: x\n');
    write('b-latin.yml', Buffer.from([0x6e, 0xe9, 0x0a]));
    write('c-taken.yml', ACME.replace('acme', 'wazuh'));
    write('d-acme.yml', ACME);
    write('e-again.yaml', ACME);
    write('f-huge.yml', `# ${'x'.repeat(1_000_100)}`);
    write('notes.txt', 'no mapping');
    const { mappings, problems } = readMappingFiles([dir, join(dir, 'named.yml')]);
    expect(mappings.map(({ path }) => path)).toEqual([join(dir, 'd-acme.yml')]);
    const told = problems.map(({ path, line, message }) => `${path.slice(dir.length + 1)}:${line} ${message}`);
    expect(told.find((one) => one.startsWith('a-broken.yml:3'))).toContain('This is not valid YAML');
    expect(told).toContain('b-latin.yml:1 This file is not UTF-8 text. Save it as UTF-8.');
    expect(told).toContain('c-taken.yml:1 "wazuh" is the name of a format of this program. Choose another name.');
    expect(told.find((one) => one.startsWith('e-again.yaml'))).toContain(`mapping in ${join(dir, 'd-acme.yml')}`);
    expect(told).toContain('f-huge.yml:1 A mapping file is at most 1 MB. Split it.');
    expect(told).toContain('named.yml:1 There is no such file or folder. Check the name.');
  });

  it('follows no link out of the folder', () => {
    const outside = write('acme.yml', ACME);
    const inner = join(dir, 'inner');
    mkdirSync(inner);
    symlinkSync(outside, join(inner, 'acme.yml'));
    expect(readMappingFiles([inner]).mappings).toEqual([]);
    expect(readMappingFiles([outside]).mappings.length).toBe(1);
  });

  it('lets a mapping have its records although others have the same keys', () => {
    write(
      'acme.yml',
      ACME.replace('vendor, equals: acme', 'event_type, equals: acme').replace(
        'at, title: what',
        'timestamp, title: host',
      ),
    );
    const classify = makeClassifier('auto', undefined, loadCatalogue({ own: dir, program: null }).catalogue);
    const eve = { ...eveRecord(), host: 'sensor', n: 1 };
    const formats = [eve, { ...eve, event_type: 'acme' }, eve, wazuhDocument()].map((one) => classify(record(one)));
    expect(formats.map((one) => one.kind === 'alert' && one.format)).toEqual([
      'suricata-eve',
      'acme',
      'suricata-eve',
      'wazuh',
    ]);
  });

  it('takes a mapping by its name for records that it would not recognise, and names it among the known', () => {
    write('acme.yml', ACME);
    const { catalogue } = loadCatalogue({ own: dir, program: null });
    const classify = makeClassifier('acme', undefined, catalogue);
    const item = classify(record({ n: 7, at: '2026-11-02T10:00:00Z', what: 'Found' }));
    expect(item).toMatchObject({
      kind: 'alert',
      format: 'acme',
      alert: { stableId: '7', title: 'Found', product: 'acme' },
    });
    expect(() => makeClassifier('acmee', undefined, catalogue)).toThrow('Use auto, acme, suricata-eve');
  });
});
