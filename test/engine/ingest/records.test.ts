import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { RecordSplitter } from '../../../engine/ingest/records/splitter.ts';
import { type RawRecord, type ReadOptions, readRecords } from '../../../engine/ingest/records.ts';
import { elasticAlert, eveRecord, ocsfFinding, wazuhHit } from '../../fixtures/alert-records.ts';

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

async function read(bytes: Uint8Array | string, size = 1 << 16, options: ReadOptions = {}): Promise<RawRecord[]> {
  const found: RawRecord[] = [];
  for await (const batch of readRecords(inPieces(Buffer.from(bytes), size), options)) found.push(...batch);
  return found;
}

/** Short words for what was read: `1:{"a":1}` for a record on line 1, `2 too_deep` for a fault on line 2. */
function short(records: readonly RawRecord[]): string[] {
  return records.map((record) =>
    record.kind === 'record' ? `${record.line}:${JSON.stringify(record.value)}` : `${record.line} ${record.reason}`,
  );
}

const A = '{"a":1}';
const B = '{"b":[2]}';

describe('containers, told by content', () => {
  const pretty = (indent: number) => JSON.stringify([eveRecord(), wazuhHit()], null, indent);
  it.each<[string, string | Uint8Array, string[]]>([
    ['nothing', '', []],
    ['blank lines', ' \r\n\n', []],
    ['lines', `${A}\n${B}\n`, [`1:${A}`, `2:${B}`]],
    ['lines without the last break', `${A}\n${B}`, [`1:${A}`, `2:${B}`]],
    ['CRLF and blank lines', `${A}\r\n\r\n${B}\r\n`, [`1:${A}`, `3:${B}`]],
    ['lines with commas', `${A},\n${B},\n`, [`1:${A}`, `2:${B}`]],
    ['a byte order mark', `\ufeff${A}\n${B}`, [`1:${A}`, `2:${B}`]],
    ['UTF-16 LE', Buffer.from(`\ufeff${A}\n${B}`, 'utf16le'), [`1:${A}`, `2:${B}`]],
    ['UTF-16 BE', Buffer.from(`\ufeff${A}\n${B}`, 'utf16le').swap16(), [`1:${A}`, `2:${B}`]],
    ['an array', `[${A},${B}]`, [`1:${A}`, `1:${B}`]],
    ['an array over lines', `[\n${A},\n${B}\n]\n`, [`2:${A}`, `3:${B}`]],
    ['an empty array', '[ ]', []],
    ['two arrays', `[${A}]\n[${B}]`, [`1:${A}`, `2:${B}`]],
    ['objects without anything between', `${A}${B}${A}`, [`1:${A}`, `1:${B}`, `1:${A}`]],
    ['gzip', gzipSync(`${A}\n${B}`), [`1:${A}`, `2:${B}`]],
    ['gzip of two members', Buffer.concat([gzipSync(`${A}\n`), gzipSync(B)]), [`1:${A}`, `2:${B}`]],
    ['gzip with zeros behind it', Buffer.concat([gzipSync(`${A}\n${B}`), Buffer.alloc(700)]), [`1:${A}`, `2:${B}`]],
    ['gzip of UTF-16', gzipSync(Buffer.from(`\ufeff${A}`, 'utf16le')), [`1:${A}`]],
    ['hits', `{"took":1,"hits":{"total":2,"hits":[${A},${B}]},"x":{"y":[1]}}\n${A}`, [`1:${A}`, `1:${B}`, `2:${A}`]],
    ['Findings', `{\n  "Findings": [\n    ${A},\n    ${B}\n  ]\n}`, [`3:${A}`, `4:${B}`]],
    ['value', `{"@odata.context":"c","value":[${A}],"@odata.nextLink":"n"}`, [`1:${A}`]],
    ['Records', `{"Records":[${A},${B}]}`, [`1:${A}`, `1:${B}`]],
    ['records of an Event Hub', `{"records":[${A},${B}]}`, [`1:${A}`, `1:${B}`]],
    ['data with paging', `{"data":[${A}],"pagination":{"totalItems":1}}`, [`1:${A}`]],
    [
      'findings in an event',
      `{"version":"0","time":"t","resources":[],"detail":{"actionName":"x","findings":[${A},${B}]}}\n${A}`,
      [`1:${A}`, `1:${B}`, `2:${A}`],
    ],
    ['an event with one finding', '{"time":1,"detail":{"id":"x"}}', ['1:{"time":1,"detail":{"id":"x"}}']],
    ['no hits', '{"hits":{"hits":[]}}', []],
    [
      'a record that only has such a list',
      '{"timestamp":1,"value":[{"a":1}]}',
      ['1:{"timestamp":1,"value":[{"a":1}]}'],
    ],
  ])('%s', async (_name, bytes, expected) => {
    expect(short(await read(bytes))).toEqual(expected);
    expect(short(await read(bytes, 1))).toEqual(expected);
  });

  it.each([0, 1, 2, 4])('objects and arrays printed with indent %s', async (indent) => {
    const objects = [eveRecord(), elasticAlert(), ocsfFinding()];
    const expected = objects.map((value) => JSON.stringify(value));
    const array = await read(JSON.stringify(objects, null, indent), 7);
    const oneByOne = await read(objects.map((value) => JSON.stringify(value, null, indent)).join('\n'), 7);
    for (const found of [array, oneByOne]) {
      expect(found.map((record) => (record.kind === 'record' ? JSON.stringify(record.value) : record))).toEqual(
        expected,
      );
    }
    expect(pretty(indent)).toContain('kQ0aBcD');
  });

  it('gives each record its own bytes, which stay as they are while reading goes on', async () => {
    const lines = Array.from({ length: 500 }, (_value, index) => JSON.stringify({ index, text: 'é'.repeat(index) }));
    const found = await read(lines.join('\n'), 333);
    expect(found.map((record) => (record.kind === 'record' ? Buffer.from(record.bytes).toString() : ''))).toEqual(
      lines,
    );
  });

  it('keeps all digits of large integers, and leaves other numbers alone', async () => {
    const text =
      '{"a":12345678901234567890,"b":9007199254740993,"c":-9007199254740993,"d":9007199254740991,"e":0.12345678901234567,"f":1e300}';
    expect(short(await read(text))).toEqual([
      '1:{"a":"12345678901234567890","b":"9007199254740993","c":"-9007199254740993","d":9007199254740991,"e":0.12345678901234566,"f":1e+300}',
    ]);
  });

  it('finds a large integer wherever it stands', async () => {
    for (let offset = 0; offset < 40; offset++) {
      const [record] = await read(`{"${'k'.repeat(offset)}":1234567,"id":9007199254740993}`);
      expect(record?.kind === 'record' && record.value.id).toBe('9007199254740993');
    }
  });

  it('goes into an envelope that is larger than a record may be', async () => {
    const element = JSON.stringify({ text: 'x'.repeat(900) });
    const text = `{"hits":{"hits":[${Array.from({ length: 1000 }, () => element).join(',')}]}}\n${A}`;
    const found = await read(text, 1 << 16, { maxRecordBytes: 400_000 });
    expect(found.length).toBe(1001);
    expect(found.every((record) => record.kind === 'record')).toBe(true);
  });
});

describe('bad input', () => {
  it.each<[string, string | Uint8Array, string[]]>([
    ['a bad line', `${A}\n{"a":oops}\n${B}`, [`1:${A}`, '2 invalid_json', `3:${B}`]],
    ['a bad first line', `{"a":\n${A}\n${B}`, ['1 invalid_json', `2:${A}`, `3:${B}`]],
    ['a line cut within a string', `{"a":"x\n${A}`, ['1 invalid_json', `2:${A}`]],
    ['a line cut behind a comma', `{"a":[1,\n${A}\n${B}`, ['1 invalid_json', `2:${A}`, `3:${B}`]],
    ['text that is no JSON', `<34>Oct 11 host app: x\n${A}`, ['1 invalid_json', `2:${A}`]],
    ['a truncated last line', `${A}\n{"b":[1`, [`1:${A}`, '2 truncated']],
    ['a truncated printed object', '{\n  "a": {\n    "b": 1', ['3 truncated']],
    ['a truncated array', `[${A},{"b":`, [`1:${A}`, '1 truncated', '1 truncated']],
    ['an array without its end', `[${A},\n${B}\n`, [`1:${A}`, `2:${B}`, '3 truncated']],
    ['a broken element', `[\n  ${A},\n  {"a":{,\n  ${B}\n]`, [`2:${A}`, '3 invalid_json', `4:${B}`]],
    ['a broken printed element', `[\n  {\n    "a": {\n  },\n  {\n    "b": 1\n  }\n]`, ['4 invalid_json', '5:{"b":1}']],
    [
      'an element of the wrong kind',
      `[${A},7,"x,]",[1,2],${B}]`,
      [`1:${A}`, ...Array(3).fill('1 not_an_object'), `1:${B}`],
    ],
    [
      'values that are no objects',
      `7\n"x"\nnull\n[1]\n${A}`,
      ['1', '2', '3', '4'].map((line) => `${line} not_an_object`).concat(`5:${A}`),
    ],
    ['NUL bytes in a record', `{"a":"\0"}\n${A}`, ['1 invalid_json', `2:${A}`]],
    ['NUL bytes before a record', `${'\0'.repeat(5000)}${A}\n${B}`, ['1 invalid_json', `1:${A}`, `2:${B}`]],
    ['invalid UTF-8', Buffer.from(`{"a":"\xff"}\n${A}`, 'latin1'), ['1 invalid_utf8', `2:${A}`]],
    ['10,000 levels', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}\n${A}`, ['1 too_deep', `2:${A}`]],
    ['10,000 levels without an end', `${'{"a":'.repeat(10_000)}\n${A}\n${B}`, ['1 too_deep', `2:${A}`, `3:${B}`]],
    ['10,000 open brackets', `${'['.repeat(10_000)}\n${A}`, ['1 too_deep', `2:${A}`]],
    ['10,000 levels in an array', `[${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)},${A}]`, ['1 too_deep', `1:${A}`]],
    ['duplicate keys', '{"a":1,"a":2}', ['1:{"a":2}']],
  ])('%s', async (_name, bytes, expected) => {
    expect(short(await read(bytes))).toEqual(expected);
    expect(short(await read(bytes, 1))).toEqual(expected);
  });

  it('reads __proto__ as a key like every other', async () => {
    const [plain] = await read('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');
    const [lossless] = await read('{"__proto__":{"polluted":9007199254740993}}');
    for (const record of [plain, lossless]) {
      expect(record?.kind === 'record' && Object.hasOwn(record.value, '__proto__')).toBe(true);
      expect(record?.kind === 'record' && Object.getPrototypeOf(record.value)).toBe(Object.prototype);
    }
    expect('polluted' in {}).toBe(false);
  });

  it('says where the fault is, and shows it', async () => {
    const [, fault] = await read(`${A}\n{"a":1,"b" 2}\n`);
    expect(fault).toMatchObject({ kind: 'fault', line: 2, column: 12, text: '{"a":1,"b" 2}', bytes: 13 });
    const [printed] = await read('{\n  "a": 1\n  "b": 2\n}');
    expect(printed).toMatchObject({ kind: 'fault', line: 2, column: 9 });
  });

  it('says that something stands behind the zeros at the end of gzip data', async () => {
    const bytes = Buffer.concat([gzipSync(`${A}\n${B}\n`), Buffer.alloc(9), Buffer.from(A)]);
    for (const size of [1, 7, 4096]) {
      expect(short(await read(bytes, size))).toEqual([`1:${A}`, `2:${B}`, '3 unreadable']);
    }
  });

  it('gives up a thousand open objects at the depth that no record has, line by line', async () => {
    const found = await read(`${'{"a":\n'.repeat(3_000)}${A}\n`);
    expect(found.length).toBeLessThanOrEqual(3_001);
    expect(found.at(-1)).toMatchObject({ kind: 'record', value: { a: 1 } });
  });

  it('reads what a cut gzip file still holds, and says that it is cut', async () => {
    const whole = gzipSync(`${A}\n`.repeat(50_000));
    const cut = await read(whole.subarray(0, whole.length - 20), 100);
    expect(cut.at(-1)).toMatchObject({ kind: 'fault', reason: 'truncated' });
    expect(cut.filter((record) => record.kind === 'record').length).toBeGreaterThan(40_000);
    const damaged = Buffer.from(whole);
    damaged[damaged.length - 6] = (damaged[damaged.length - 6] ?? 0) ^ 255;
    expect((await read(damaged)).at(-1)).toMatchObject({ kind: 'fault', reason: 'unreadable' });
    expect(await read(Buffer.from([0x1f, 0x8b, 9, 9, 9]))).toMatchObject([{ kind: 'fault', reason: 'unreadable' }]);
  });

  it('ends with a fault when the source fails, and keeps what came before', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`${A}\n`);
      throw new Error('the disk went away');
    }
    const found: RawRecord[] = [];
    for await (const batch of readRecords(failing())) found.push(...batch);
    expect(short(found)).toEqual([`1:${A}`, '2 unreadable']);
  });

  it.each([
    ['a line', '', '\n'],
    ['an element', '[', ','],
    ['a printed record', '{\n"x":', '}\n'],
    ['no JSON', 'x', '\n'],
  ])('passes over %s of 200 MB without holding it', (_name, before, after) => {
    const splitter = new RecordSplitter();
    const chunk = Buffer.alloc(1 << 20, 'x');
    const found = [...splitter.push(Buffer.from(`${before}${before === 'x' ? '' : '{"a":"'}`))];
    let heldMost = 0;
    for (let count = 0; count < 200; count++) {
      found.push(...splitter.push(chunk));
      heldMost = Math.max(heldMost, splitter.heldBytes);
    }
    found.push(...splitter.push(Buffer.from(`${before === 'x' ? '' : '"}'}${after}${B}\n`)));
    expect(heldMost).toBeLessThanOrEqual(18 << 20);
    expect(found.length).toBe(2);
    expect(found[0]).toMatchObject({ kind: 'fault', reason: 'too_long' });
    const { bytes, text } = found[0] as Extract<RawRecord, { kind: 'fault' }>;
    expect(bytes).toBeGreaterThanOrEqual(200 << 20);
    expect(text.length).toBeLessThanOrEqual(64 << 10);
    expect(found[1]).toMatchObject({ kind: 'record', value: JSON.parse(B) });
  });
});

describe('any bytes in any pieces', () => {
  /** What was read, with the bytes, so that two readings can be compared. */
  function whole(records: readonly RawRecord[]): unknown[] {
    return records.map((record) =>
      record.kind === 'record' ? [record.line, Buffer.from(record.bytes).toString('latin1')] : record,
    );
  }

  /** Splits at the given places, without the asynchronous shell. */
  function split(bytes: Buffer, cuts: readonly number[], options: ReadOptions = {}): unknown[] {
    const splitter = new RecordSplitter(options);
    const found: RawRecord[] = [];
    const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
    let from = 0;
    for (const place of [...places, bytes.length]) {
      // A copy, as a source gives it: nothing may rely on neighbours in memory.
      if (place > from) found.push(...splitter.push(Buffer.from(bytes.subarray(from, place))));
      from = place;
    }
    found.push(...splitter.finish());
    return whole(found);
  }

  const record = fc.constantFrom(eveRecord(), wazuhHit(), elasticAlert(), ocsfFinding(), {
    a: 'é€😀',
    n: [1, { b: null }],
  });
  const layout = fc.constantFrom<(records: unknown[]) => string>(
    (records) => records.map((value) => JSON.stringify(value)).join('\n'),
    (records) => records.map((value) => `${JSON.stringify(value)}\r\n`).join(''),
    (records) => records.map((value) => JSON.stringify(value, null, 2)).join('\n'),
    (records) => JSON.stringify(records),
    (records) => JSON.stringify(records, null, 2),
    (records) => JSON.stringify({ hits: { total: 1, hits: records } }),
    (records) => JSON.stringify({ hits: { hits: records } }, null, 2),
  );
  const text = fc.tuple(layout, fc.array(record, { minLength: 1, maxLength: 5 })).map(([print, records]) => ({
    bytes: Buffer.from(print(records)),
    records,
  }));
  const cuts = fc.array(fc.nat(20_000), { maxLength: 12 });

  it('gives every record back, wherever the pieces end', () => {
    fc.assert(
      fc.property(text, cuts, ({ bytes, records }, places) => {
        const found = split(bytes, places) as [number, string][];
        expect(found.map(([, slice]) => JSON.parse(Buffer.from(slice, 'latin1').toString()))).toEqual(records);
      }),
      { numRuns: 300 },
    );
  });

  it('reads damaged bytes the same in any pieces, and without an exception', () => {
    const damage = fc.array(fc.tuple(fc.nat(20_000), fc.constantFrom(...'{}[]",:\n\\\0x \xff'), fc.boolean()), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(text, damage, cuts, ({ bytes }, changes, places) => {
        let damaged = bytes;
        for (const [place, byte, isInsert] of changes) {
          const at = place % damaged.length;
          const rest = damaged.subarray(isInsert ? at : at + 1);
          damaged = Buffer.concat([damaged.subarray(0, at), Buffer.from(byte, 'latin1'), rest]);
        }
        const options = { maxRecordBytes: 1 << 20 };
        expect(split(damaged, places, options)).toEqual(split(damaged, [], options));
      }),
      { numRuns: 1500 },
    );
  });

  it('loses no good line to a bad one', () => {
    const good = fc.nat(1e6).map((n) => JSON.stringify({ n, text: 'x' }));
    const bad = fc.oneof(
      fc.tuple(record, fc.nat()).map(([value, cut]) => {
        const line = JSON.stringify(value);
        return line.slice(0, 1 + (cut % (line.length - 1)));
      }),
      // What could go on with the record before it makes one record of the two, and rightly so.
      fc.stringMatching(/^[ -~]{1,40}$/).filter((value) => !/^\s*[\]},:]/.test(value)),
    );
    const line = fc.oneof(
      { weight: 2, arbitrary: good.map((value) => ({ value, isGood: true })) },
      bad.map((value) => ({ value, isGood: false })),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        // A lone bracket opens a list, which changes what the lines behind it are.
        fc.pre(lines.every(({ value, isGood }) => isGood || !/^[\s,]*\[\s*$/.test(value)));
        const found = split(Buffer.from(lines.map(({ value }) => value).join('\n')), []) as [number, string][];
        const slices = found.filter((entry) => Array.isArray(entry)).map(([at, slice]) => `${at} ${slice}`);
        for (const [index, { value, isGood }] of lines.entries()) {
          if (isGood) expect(slices).toContain(`${index + 1} ${value}`);
        }
      }),
      { numRuns: 1500 },
    );
  });
});

it('reads each of many objects on one line once or twice, not the rest of the line for each', async () => {
  const body = Buffer.from(JSON.stringify({ event: { n: 1, text: 'x'.repeat(500) } }).repeat(1_000));
  const parse = vi.spyOn(JSON, 'parse');
  try {
    expect(await read(body, body.length)).toHaveLength(1_000);
    const characters = parse.mock.calls.reduce((sum, [text]) => sum + text.length, 0);
    expect(characters).toBeGreaterThan(body.length / 2);
    expect(characters).toBeLessThan(body.length * 4);
  } finally {
    parse.mockRestore();
  }
});
