import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packFrames } from '../../../engine/ingest/delivery.ts';
import { OrdinaryLines, recordsOfFrames } from '../../../engine/ingest/frame-records.ts';
import { makeClassifier } from '../../../engine/ingest/pipeline-classify.ts';
import { eve, NOW_MS } from './pipeline-setting.ts';

const CEF = 'CEF:0|V|P|1|7|Name|5|src=10.0.0.1';

function records(frames: readonly (string | Uint8Array)[], takesText = true): unknown[] {
  const packed = packFrames(frames.map((frame) => Buffer.from(frame)));
  return [...recordsOfFrames(packed, takesText)].map((record) =>
    record.kind === 'record' ? record.value : record.reason,
  );
}

describe('frames', () => {
  it('hold whatever a record may be: JSON in any shape, lines of text, a table, nothing', () => {
    expect(
      records(['{"n":1}', '[{"n":2},{"n":3}]\r\n', '\ufeff{\n "n": 4\n}', `<13>${CEF}`, '', '\n', 'a line\nanother']),
    ).toEqual([
      { n: 1 },
      { n: 2 },
      { n: 3 },
      { n: 4 },
      { line: `<13>${CEF}` },
      { line: 'a line' },
      { line: 'another' },
    ]);
    expect(records(['a line'], false)).toEqual(['invalid_json']);
  });

  it('cannot spoil one another: not a cut one, nor one that looks compressed, like a table or like UTF-16', () => {
    const bad = [
      '{"n":',
      gzipSync('{"n":1}'),
      Buffer.from([0xff, 0xfe, 0x7b, 0]),
      'id,time,title,severity',
      '[',
      '"',
      '\0\0',
    ];
    for (const each of bad) {
      const alone = records([each]);
      expect(records([each, '{"n":1}', CEF])).toEqual([...alone, { n: 1 }, { line: CEF }]);
    }
  });

  it('give what each gives alone, whatever stands beside it', () => {
    const frame = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.json().map((text) => Buffer.from(text)),
      fc.string().map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 6 }), (frames) => {
        expect(records(frames)).toEqual(frames.flatMap((each) => records([each])));
      }),
    );
  });
});

describe('ordinary log lines', () => {
  it('are passed over, but for the first few of a source in an hour; alerts and broken ones are not theirs', () => {
    let nowMs = NOW_MS;
    const lines = new OrdinaryLines({ nowMs: () => nowMs });
    const classify = makeClassifier('auto', () => nowMs);
    const judged = (sourceId: number, text: string) => {
      const packed = packFrames([Buffer.from(text)]);
      return [...recordsOfFrames(packed, true)].map((record) => lines.judge(sourceId, record, classify(record)));
    };
    const kinds = (sourceId: number, count: number) =>
      Array.from({ length: count }, (_, n) => judged(sourceId, `<13>Nov 21 07:00:0${n} host cron: run`)[0]?.kind);
    expect(kinds(1, 8)).toEqual([...Array(5).fill('rejected'), ...Array(3).fill('skipped')]);
    expect(kinds(2, 1)).toEqual(['rejected']);
    expect(judged(1, CEF)).toMatchObject([{ kind: 'alert', format: 'cef' }]);
    expect(judged(1, JSON.stringify(eve({ flow: 1 })))).toMatchObject([{ kind: 'alert', format: 'suricata-eve' }]);
    expect(judged(1, '{"some":"thing"}')).toMatchObject([{ kind: 'rejected', fault: { reason: 'unknown_format' } }]);
    expect(judged(1, '{"n":')).toMatchObject([{ kind: 'rejected', fault: { reason: 'truncated' } }]);
    nowMs += 3_600_000;
    expect(judged(1, '<13>Nov 21 08:00:00 host cron: run')).toMatchObject([
      {
        kind: 'rejected',
        fault: { message: expect.stringContaining('ordinary log line'), text: expect.stringContaining('cron') },
      },
    ]);
  });
});
