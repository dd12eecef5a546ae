import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadStoragePolicy, SOURCE_POLICIES_DIR } from '../../../engine/policies.ts';
import type { StoragePolicy } from '../../../shared/model/storage.ts';

const own = mkdtempSync(join(tmpdir(), 'evenwatch-policy-'));
afterAll(() => rmSync(own, { recursive: true }));

function loadWith(text: string): StoragePolicy {
  writeFileSync(join(own, 'storage.json'), text);
  return loadStoragePolicy(SOURCE_POLICIES_DIR, own);
}

function changed(change: (policy: StoragePolicy) => void): string {
  const policy = structuredClone(loadStoragePolicy());
  change(policy);
  return JSON.stringify(policy);
}

it('takes the policy of the workspace before the default one', () => {
  expect(loadStoragePolicy().originals.keepDays.low).toBe(365);
  const text = changed((policy) => {
    policy.originals.keepDays.low = null;
  });
  expect(loadWith(text).originals.keepDays.low).toBeNull();
  expect(loadStoragePolicy(SOURCE_POLICIES_DIR, join(own, 'nowhere')).originals.keepDays.low).toBe(365);
});

it.each<[string, string, RegExp]>([
  ['no JSON', '{', /storage\.json cannot be read/],
  [
    'a day that is none',
    changed(({ originals }) => Object.assign(originals.keepDays, { high: 0 })),
    /originals\.keepDays\.high/,
  ],
  [
    'a severity twice',
    changed(({ originals }) => Object.assign(originals.size, { order: ['low', 'low'] })),
    /names a severity twice[\s\S]*originals\.size\.order/,
  ],
  [
    'a limit that drops everything',
    changed(({ originals }) => Object.assign(originals.size, { maxBytes: 10 })),
    /size\.maxBytes/,
  ],
  ['a word that is not known', changed((policy) => Object.assign(policy, { keep: 1 })), /keep/],
])('refuses %s with the file and the place', (_name, text, words) => {
  expect(() => loadWith(text)).toThrow(words);
  expect(() => loadWith(text)).toThrow(own);
});
