import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BUILT_IN } from '../../../../engine/ingest/formats/index.ts';
import { makeSample } from '../../../../engine/sample/make-sample.ts';
import { openStore } from '../../../../engine/store/open.ts';
import type { Store } from '../../../../engine/store/store.ts';
import { makeHeavyReads } from '../../../../engine/triage/history/heavy-reads.ts';
import { fixedRandom } from '../../../fixtures/random.ts';
import { quiet, stillClock } from '../../../store/databases.ts';
import { RESOURCES } from '../../engine-setting.ts';

const root = mkdtempSync(join(tmpdir(), 'evenwatch-planted-'));
let store: Store;

beforeAll(async () => {
  const folder = join(root, 'sample');
  const ports = { log: quiet, random: fixedRandom(1), secrets: { get: async () => null, set: async () => {} } };
  await makeSample({ folder, resourcesDir: RESOURCES, endsAtMs: stillClock.nowMs(), volume: 0.05 }, ports, () => {});
  const target = { kind: 'sqlite' as const, path: join(folder, 'evenwatch.db') };
  store = await openStore({ target, log: quiet, clock: stillClock, readOnly: true });
}, 120_000);

afterAll(async () => {
  await store?.close();
  rmSync(root, { recursive: true, force: true });
});

/** Takes a whole rule of a product for noise. */
const closing = (rule: { product: string; rule_id: string }, id: string) => `title: A tidy mind
id: ${id}
rationale: Somebody thought that this is always noise.
owner: detection-lead
status: draft
expires: 2026-05-31
detection:
  noise:
    event.provider: ${JSON.stringify(rule.product)}
    rule.id: ${JSON.stringify(rule.rule_id.replaceAll(/[\\*?]/g, '\\$&'))}
  condition: noise
actions:
  - close: false_positive
`;

it('every rule that would have closed what people of the sample found is caught on its history', async () => {
  const found = await store.read((db) =>
    db
      .selectFrom('alert_group as g')
      .innerJoin('source_rule as r', 'r.id', 'g.source_rule_id')
      .select(['g.id', 'r.product', 'r.rule_id'])
      .where('g.disposition', '=', 'true_positive')
      .where('g.closed_by_kind', '=', 'person')
      .orderBy('g.id')
      .execute(),
  );
  expect(found.length).toBeGreaterThan(3);
  const reads = makeHeavyReads({ store, clock: stillClock, log: quiet, resourcesDir: RESOURCES, formats: BUILT_IN });
  const never = new AbortController().signal;
  let caught = 0;
  for (const [n, { id, product, rule_id }] of found.entries()) {
    const text = closing({ product, rule_id }, `7d8f4a1e-0c3b-4d8a-9a55-${String(n).padStart(12, '0')}`);
    const { report, hits } = await reads.backtest(text, () => {}, never);
    // Either a guard would have held it back, or the true positive is shown and blocks until somebody answers for it.
    const isHeld = report.withheld.some(({ groups }) => groups > 0);
    const isShown = hits.some((hit) => hit.groupId === id);
    expect(isHeld || isShown, `${product} ${rule_id}`).toBe(true);
    if (isShown) caught += 1;
  }
  expect(caught).toBeGreaterThan(0);
});
