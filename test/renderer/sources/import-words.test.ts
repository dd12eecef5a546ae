import { describe, expect, test } from 'vitest';
import { outcomeWords, whyNotAlerts } from '../../../renderer/features/sources/import-words.ts';
import type { IngestReport } from '../../../shared/model/ingest.ts';

const NOTHING: IngestReport = {
  read: 0,
  stored: 0,
  updated: 0,
  duplicates: 0,
  rejected: 0,
  skipped: 0,
  autoClosed: 0,
  queued: 0,
  elapsedMs: 1,
  byFormat: {},
  problems: [],
};

describe('what became of a file', () => {
  test('the parts of what was read are said and the empty ones left out', () => {
    const report = { ...NOTHING, read: 1204, stored: 1200, queued: 1000, autoClosed: 200, rejected: 4 };
    expect(outcomeWords('eve.json', report)).toBe(
      'eve.json: 1,204 records read: 1,200 stored (1,000 to the queue, 200 closed by rules or at source), 4 could not be read.',
    );
  });

  test('one and many', () => {
    expect(outcomeWords('a', { ...NOTHING, read: 1, duplicates: 1 })).toBe('a: 1 record read: 1 duplicate.');
    expect(outcomeWords('a', { ...NOTHING, skipped: 1 })).toBe('a: no alert in it. Skipped 1 record that is no alert.');
    expect(outcomeWords('a', { ...NOTHING, skipped: 2 })).toBe(
      'a: no alert in it. Skipped 2 records that are no alerts.',
    );
  });

  test('what kept the file from being opened is said', () => {
    const problems = [{ path: 'a', message: 'It is not gzip, although its name says so.' }];
    expect(outcomeWords('a.gz', { ...NOTHING, problems })).toContain('It is not gzip, although its name says so.');
  });
});

test('folders and lists are not tried as alerts', () => {
  expect(whyNotAlerts('logs', true)).toContain('is a folder');
  expect(whyNotAlerts('Assets.CSV', false)).toContain('under Sources');
  expect(whyNotAlerts('eve.json.gz', false)).toBeNull();
});
