import { expect, it } from 'vitest';
import { FORMAT_SAMPLES, sampleLines } from '../../../engine/bench/format-samples.ts';
import { FORMATS } from '../../../engine/ingest/formats/index.ts';
import { makeClassifier } from '../../../engine/ingest/pipeline-classify.ts';
import { RecordSplitter } from '../../../engine/ingest/records/splitter.ts';

it('has streams of formats, and no two alerts of one are the same', () => {
  const names = FORMATS.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(Object.keys(FORMAT_SAMPLES)));
  for (const [name, sample] of Object.entries(FORMAT_SAMPLES)) {
    const splitter = new RecordSplitter({ takesText: name === 'syslog' });
    const text = [...sampleLines(sample, 1_200)].join('\n');
    const classify = makeClassifier(sample.format ?? 'auto', () => Date.UTC(2026, 10, 3));
    const found = [...splitter.push(Buffer.from(text)), ...splitter.finish()].map(classify);
    const ids = new Set(
      found.map((item) => (item.kind === 'alert' && item.format === name ? item.idDigest : item.kind)),
    );
    expect([name, ids.size]).toEqual([name, 1_200]);
  }
});
