import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordOfOriginal } from '../../../../engine/ingest/records/original.ts';
import { csvCells } from '../../../../engine/ingest/records/table.ts';
import { type RawRecord, readRecords } from '../../../../engine/ingest/records.ts';
import type { JsonObject } from '../../../../shared/model/json.ts';
import { CEF_LINE, FAST_LINE, LEEF_LINE } from '../../../fixtures/sensor-records.ts';

async function read(text: string | Uint8Array, size = 1 << 16): Promise<RawRecord[]> {
  const bytes = Buffer.from(text);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
  }
  const found: RawRecord[] = [];
  for await (const batch of readRecords(pieces())) found.push(...batch);
  return found;
}

function short(records: readonly RawRecord[]): string[] {
  return records.map((record) =>
    record.kind === 'record' ? `${record.line}:${JSON.stringify(record.value)}` : `${record.line} ${record.reason}`,
  );
}

const HEAD = 'time,name,note';
const ZEEK = [
  '#separator \\x09',
  '#set_separator\t,',
  '#empty_field\t(empty)',
  '#unset_field\t-',
  '#path\tnotice',
  '#fields\tts\tid.orig_h\tp\tmsg\tactions\tok',
  '#types\ttime\taddr\tport\tstring\tset[enum]\tbool',
];

describe('lines of text', () => {
  it.each([CEF_LINE, LEEF_LINE, FAST_LINE])('%s', async (line) => {
    for (const size of [1, 7, 4096]) {
      const found = await read(`${line}\r\n{"a":1}\n${line}`, size);
      expect(short(found)).toEqual([`1:${JSON.stringify({ line })}`, '2:{"a":1}', `3:${JSON.stringify({ line })}`]);
      expect(found[0]?.kind === 'record' && Buffer.from(found[0].bytes).toString()).toBe(line);
    }
  });

  it('reads JSON behind a syslog header, with all digits', async () => {
    const line = '<14>Nov  2 10:00:00 node-1 suricata[7]: {"flow_id":1834200099887766123,"a":{"b":1}}';
    const [record] = await read(line);
    expect(record?.kind === 'record' && record.value).toEqual({ flow_id: '1834200099887766123', a: { b: 1 } });
    expect(record?.kind === 'record' && recordOfOriginal(record.bytes)).toEqual({
      flow_id: '1834200099887766123',
      a: { b: 1 },
    });
  });

  it.each(['<34>Oct 11 host app: x', 'plain words', 'x {"a":1}', '<34>x {"a":', 'Nov  2 10:00:00 h app: {a}'])(
    'leaves %s a fault',
    async (line) => {
      expect(short(await read(`${line}\n{"a":1}`))).toEqual(['1 invalid_json', '2:{"a":1}']);
    },
  );
});

describe('CSV', () => {
  it.each<[string, string, string[]]>([
    ['rows', `${HEAD}\n1,a,x\n2,b,y`, ['2:{"time":"1","name":"a","note":"x"}', '3:{"time":"2","name":"b","note":"y"}']],
    ['empty cells', `${HEAD}\r\n1,,\r\n`, ['2:{"time":"1"}']],
    ['semicolons', 'a;b;c\n1;2,5;3', ['2:{"a":"1","b":"2,5","c":"3"}']],
    ['tabs', 'a\tb\tc\n1\t2\t3', ['2:{"a":"1","b":"2","c":"3"}']],
    ['quotes', `${HEAD}\n1,"a ""b""","x,y"`, ['2:{"time":"1","name":"a \\"b\\"","note":"x,y"}']],
    [
      'quoted line breaks',
      `${HEAD}\n1,"a\n\nb",x\n2,b,y`,
      ['2:{"time":"1","name":"a\\n\\nb","note":"x"}', '5:{"time":"2","name":"b","note":"y"}'],
    ],
    [
      'a quotation mark within a cell',
      `${HEAD}\n1,5" disk,x\n2,b,y`,
      ['2:{"time":"1","name":"5\\" disk","note":"x"}', '3:{"time":"2","name":"b","note":"y"}'],
    ],
    ['a row number without a name', `,${HEAD}\n0,1,a,x`, ['2:{"time":"1","name":"a","note":"x"}']],
    ['a byte order mark', `\ufeff${HEAD}\n1,a,x`, ['2:{"time":"1","name":"a","note":"x"}']],
    [
      'blank lines and a second head',
      `${HEAD}\n\n1,a,x\n${HEAD}\n2,b,y\n`,
      ['3:{"time":"1","name":"a","note":"x"}', '5:{"time":"2","name":"b","note":"y"}'],
    ],
    ['a row of the wrong width', `${HEAD}\n1,a\n2,b,y`, ['2 invalid_record', '3:{"time":"2","name":"b","note":"y"}']],
    [
      'a quotation mark that is never closed',
      `${HEAD}\n1,"a,x\n2,b,y`,
      ['2 truncated', '3:{"time":"2","name":"b","note":"y"}'],
    ],
    ['a column named __proto__', '__proto__,b,c\n1,2,3', ['2:{"__proto__":"1","b":"2","c":"3"}']],
    ['only a head', HEAD, []],
  ])('%s', async (_name, text, expected) => {
    for (const size of [1, 5, 4096]) expect(short(await read(text, size))).toEqual(expected);
  });

  it('is no head: one line of JSON, words with times, two columns, a name twice', async () => {
    for (const line of ['a,b', 'a,a,b', '10:00:01,x,y', '1,2,3', '<13>a,b,c', 'CEF:0|a,b,c']) {
      const found = await read(`${line}\n{"a":1}`);
      expect(found.at(-1)).toMatchObject({ kind: 'record', value: { a: 1 } });
    }
  });

  it('stays quick and small when quotation marks are opened over and over', async () => {
    const found = await read(`${HEAD}\n${'1,"a,x\n'.repeat(100_000)}`);
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((record) => record.kind === 'fault' || record.line > 1)).toBe(true);
  });

  it('reads what CSV writers write, and each row again from its original alone', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', ' ', ';', '{') });
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 8 }),
        fc.nat(40),
        async (rows, size) => {
          const text = `${HEAD}\n${rows.map((row) => row.map(quoted).join(',')).join('\n')}\n`;
          const found = await read(text, size + 1);
          const names = HEAD.split(',');
          const expected = rows.map((row) =>
            Object.fromEntries(row.map((one, i) => [names[i] ?? '', one] as const).filter(([, one]) => one !== '')),
          );
          expect(found.map((record) => record.kind === 'record' && record.value)).toEqual(expected);
          for (const record of found) {
            if (record.kind === 'record') expect(recordOfOriginal(record.bytes)).toEqual(record.value);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('splits cells by hand', () => {
    expect(csvCells('a,"b,""c"" ",d"e,', ',')).toEqual(['a', 'b,"c" ', 'd"e', '']);
    expect(csvCells('"open', ',')).toEqual(['open']);
  });
});

describe('Zeek tables', () => {
  const rows = [
    '1793611800.5\t10.0.0.1\t22\ta\\x09b\tNotice::ACTION_LOG,X\tT',
    '1793611801\t-\t-\t(empty)\t(empty)\tF',
  ];
  const values = [
    '{"_path":"notice","ts":1793611800.5,"id.orig_h":"10.0.0.1","p":22,"msg":"a\\tb","actions":["Notice::ACTION_LOG","X"],"ok":true}',
    '{"_path":"notice","ts":1793611801,"msg":"","actions":[],"ok":false}',
  ];

  it('reads rows by their head, and each again from its original alone', async () => {
    for (const size of [1, 9, 4096]) {
      const found = await read([...ZEEK, ...rows, '#close\t2026-11-02-10-00-00', ''].join('\n'), size);
      expect(short(found)).toEqual([`8:${values[0]}`, `9:${values[1]}`]);
      for (const record of found) {
        if (record.kind === 'record') expect(recordOfOriginal(record.bytes)).toEqual(record.value);
      }
    }
  });

  it('reads several logs one behind another, each by its own head', async () => {
    const second = ['#separator \\x20', '#fields x ts', '1 2', 'one'];
    expect(short(await read([...ZEEK, rows[0], '#close\tx', ...second].join('\n')))).toEqual([
      `8:${values[0]}`,
      '12:{"x":"1","ts":"2"}',
      '13 invalid_record',
    ]);
  });

  it('says what is missing when no fields are named', async () => {
    expect(short(await read('#separator \\x09\n1\t2\n'))).toEqual(['2 invalid_record']);
  });
});

describe('originals', () => {
  it('never throws on any bytes', () => {
    const piece = fc.constantFrom(
      '#fields\ta',
      '\n',
      ',',
      '"',
      '#',
      'CEF:0|',
      '{',
      '}',
      'a,b,c',
      '\t',
      '<1>',
      '[**] [1:1:1] ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const record = recordOfOriginal(Buffer.from(pieces.join('')));
        expect(record === null || typeof record === 'object').toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps a CSV row a row although a cell holds CEF', async () => {
    const [record] = await read('time,host,message\n1,h,CEF:0|V|P|1|r|N|5|\n');
    expect(record?.kind === 'record' && recordOfOriginal(record.bytes)).toEqual({
      time: '1',
      host: 'h',
      message: 'CEF:0|V|P|1|r|N|5|',
    });
  });
});

describe('answers about many', () => {
  const CLICK = '{"clickTime":"2026-11-02T09:10:00Z","threatID":"t","id":12345678901234567890}';
  const MAIL = '{"messageTime":"2026-11-02T09:10:00Z","phishScore":90, "threatsInfoMap":[{"threat":"]}\\""}]}';
  const kept = (records: readonly RawRecord[]) =>
    records.map((record) => (record.kind === 'record' ? Buffer.from(record.bytes).toString() : record.message));

  it('takes the four lists of Proofpoint apart, and keeps with each element the name of its list', async () => {
    const answer = `{"queryEndTime":"2026-11-02T10:00:00Z","messagesDelivered":[${MAIL}],"clicksPermitted":[],
      "messagesBlocked":[${MAIL},\n${MAIL}],"clicksBlocked":[${CLICK}]}`;
    const expected = [
      `{"messagesDelivered":${MAIL}}`,
      `{"messagesBlocked":${MAIL}}`,
      `{"messagesBlocked":${MAIL}}`,
      `{"clicksBlocked":${CLICK}}`,
    ];
    for (const size of [1, 7, 1 << 16]) {
      const found = await read(`${answer}\n{"a":1}\n`, size);
      expect(kept(found)).toEqual([...expected, '{"a":1}']);
      expect(found.map(({ line }) => line)).toEqual([1, 2, 3, 3, 4]);
      for (const record of found)
        if (record.kind === 'record') expect(recordOfOriginal(record.bytes)).toEqual(record.value);
    }
    const flat = JSON.stringify(JSON.parse(answer.replace('12345678901234567890', '1')));
    expect((await read(flat)).length).toBe(4);
  });

  it('takes the alerts of CrowdStrike out of their answer, and leaves other resources alone', async () => {
    const answer = `{"meta":{"query_time":0.1},"errors":[],"resources":[{"composite_id":"a"},{"composite_id":"b"}]}`;
    expect(kept(await read(answer))).toEqual(['{"composite_id":"a"}', '{"composite_id":"b"}']);
    const other = '{"meta":{},"time":1,"class_uid":2004,"resources":[{"a":1}],"b":1}';
    expect(kept(await read(other))).toEqual([other]);
  });

  it('reads the logs that Chronicle keeps as texts, plain or in base64', async () => {
    const logs = [
      '{"a":1}\r\n',
      CEF_LINE,
      Buffer.from('{"b":2}').toString('base64'),
      Buffer.from(LEEF_LINE).toString('base64'),
    ];
    const answer = JSON.stringify({ raw_logs: { entries: logs.map((data) => ({ data })) } });
    const found = await read(answer);
    expect(kept(found)).toEqual(['{"a":1}', CEF_LINE, '{"b":2}', LEEF_LINE]);
    for (const record of found)
      if (record.kind === 'record') expect(recordOfOriginal(record.bytes)).toEqual(record.value);
    const other = JSON.stringify({ raw_logs: { entries: [{ data: 'just text' }] } });
    expect(kept(await read(other))).toEqual([other]);
  });

  it('takes the record out of what carried it as a text', async () => {
    const finding = '{"detail-type":"x","detail":{"a":1}}';
    const carried: [JsonObject, string][] = [
      [{ Type: 'Notification', TopicArn: 'arn:aws:sns:x', Message: finding, SignatureVersion: '1' }, finding],
      [{ log: '{"rule":"r","time":"t"}\n', stream: 'stdout', time: '2026-11-02T10:00:00Z' }, '{"rule":"r","time":"t"}'],
      [{ preview: false, offset: 0, result: { _raw: CEF_LINE, host: 'h' } }, CEF_LINE],
      [
        { '@timestamp': 't', agent: { type: 'filebeat' }, message: '{"a":12345678901234567890}' },
        '{"a":12345678901234567890}',
      ],
    ];
    for (const [carrier, inner] of carried) {
      const found = await read(`${JSON.stringify(carrier)}\n`);
      expect(kept(found)).toEqual([inner]);
      for (const record of found)
        if (record.kind === 'record') expect(recordOfOriginal(record.bytes)).toEqual(record.value);
    }
    for (const other of ['{"log":"words","stream":"stdout"}', '{"message":"{\\"a\\":1}","agent":{"type":"x"}}']) {
      expect(kept(await read(other))).toEqual([other]);
    }
  });

  it.each<[string, JsonObject]>([
    ['records', { records: [{ a: 1 }, { b: '12345678901234567890' }] }],
    ['alerts', { alerts: [{ a: 1 }, { b: '12345678901234567890' }] }],
    [
      'findings of EventBridge',
      { 'detail-type': 'x', detail: { findings: [{ a: 1 }, { b: '12345678901234567890' }] } },
    ],
    ['hits', { took: 1, hits: { total: 2, hits: [{ a: 1 }, { b: '12345678901234567890' }] } }],
  ])('goes into each of a list of envelopes with %s', async (_name, envelope) => {
    const inner = ['{"a":1}', '{"b":"12345678901234567890"}'];
    for (const text of [JSON.stringify(envelope), JSON.stringify([envelope, envelope])]) {
      const expected = text.startsWith('[') ? [...inner, ...inner] : inner;
      expect(kept(await read(text))).toEqual(expected);
    }
  });

  it('takes rows out of the answer of Log Analytics', async () => {
    const columns = [{ name: 'SystemAlertId', type: 'string' }, { name: 'Empty' }, { name: 'N' }];
    const rows = [
      ['a', '', 1],
      ['b', null, 2],
    ];
    const answer = JSON.stringify({ tables: [{ name: 'PrimaryResult', columns, rows }] });
    expect(kept(await read(answer))).toEqual(['{"SystemAlertId":"a","N":1}', '{"SystemAlertId":"b","N":2}']);
    const other = '{"tables":[{"columns":[],"rows":[1]}]}';
    expect(kept(await read(other))).toEqual([other]);
  });

  it('takes the event out of what was meant for an event collector, byte for byte', async () => {
    const text = '{"time":1,"sourcetype":"eve","event": {"flow_id": 1834200099887766123, "a":{"b":[1]}} }';
    expect(kept(await read(text))).toEqual(['{"flow_id": 1834200099887766123, "a":{"b":[1]}}']);
    expect(kept(await read('{"event":"{\\"a\\":1}","sourcetype":"x"}'))).toEqual(['{"a":1}']);
    // The same by a writer that escapes letters: nothing may vanish between the value and its bytes.
    expect(kept(await read('{"\\u0065vent":{"a":1},"sourcetype":"x"}'))).toEqual(['{"a":1}']);
    expect(kept(await read('{"meta":{},"resource\\u0073":[{"a":1},{"b":2}]}'))).toEqual(['{"a":1}', '{"b":2}']);
    const stream = '{"metadata":{},"event":{"a":1},"sourcetype":"x"}';
    expect(kept(await read(stream))).toEqual([stream]);
  });
});
