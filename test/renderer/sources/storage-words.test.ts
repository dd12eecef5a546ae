import { expect, it } from 'vitest';
import { policyWords, roomWords, storageSentences } from '../../../renderer/features/sources/storage-words.ts';
import type { StorageStatus } from '../../../shared/model/storage.ts';

const NOW_MS = Date.UTC(2026, 10, 21, 12);

const status: StorageStatus = {
  asOfMs: NOW_MS,
  policy: {
    version: 1,
    keepDays: { unknown: 365, informational: 180, low: 365, medium: 365, high: 730, critical: null },
    maxBytes: 20_000_000_000,
    sizeOrder: ['informational', 'low'],
    sizeKeepDays: 30,
    note: 'Default.',
  },
  letters: { letters: 0, bytes: 0, maxBytes: 1_000_000_000, maxBytesOfSource: 100_000_000, letGo: 0 },
  file: { bytes: 53_200_000, freeBytes: 0 },
  originals: { blocks: 3, records: 100, storedBytes: 20_000, rawBytes: 90_000 },
  byMonth: [],
  due: [],
  overBytes: 0,
  held: [],
  smallBlocks: 0,
  lastRun: null,
  waitsUntilMs: null,
};

it('says room in the unit that reads best', () => {
  expect([900, 812_400, 53_240_000, 1_400_000_000].map(roomWords)).toEqual(['1 kB', '812 kB', '53.2 MB', '1.4 GB']);
});

it('says the policy as people would', () => {
  expect(policyWords(status.policy)).toBe(
    'Kept after the day of arrival: critical without an end, high 730 days, medium 365 days, low 365 days, informational 180 days, unknown severity 365 days. Above 20 GB in all, informational, then low go, the oldest first, and nothing of the last 30 days.',
  );
  expect(policyWords({ ...status.policy, maxBytes: null })).toMatch(/No limit of size\.$/);
});

it('says what goes, what stays and why, and nothing of a clock that runs on', () => {
  expect(storageSentences(status, NOW_MS)).toEqual(['The database takes 53.2 MB.', 'Nothing is due to be dropped.']);
  const busy: StorageStatus = {
    ...status,
    due: [{ severity: 'low', throughDay: '2025-11-20', cause: 'age', blocks: 2, records: 128, storedBytes: 2_000_000 }],
    held: [{ by: 'escalation', blocks: 1, blockBytes: 5_000, originals: 2, originalBytes: 1_000 }],
    overBytes: 3_000_000,
    waitsUntilMs: NOW_MS + 3_600_000,
  };
  expect(storageSentences(busy, NOW_MS).slice(1)).toEqual([
    'Goes next, for its age: low that arrived through 2025-11-20, 128 originals, 2 MB. What is referred to stays.',
    'Due, and held by escalations: 6 kB, 2 single originals among it.',
    '3 MB above the limit stay, because nothing more may go for size.',
    'The clock of this machine leapt. What that made due is dropped in 1 h 00 m at the earliest.',
  ]);
  expect(storageSentences(busy, NOW_MS + 7_200_000).join(' ')).not.toMatch(/leapt/);
});
