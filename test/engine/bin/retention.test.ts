import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadStoragePolicy } from '../../../engine/policies.ts';
import { storageRunSchema, storageStatusSchema } from '../../../shared/model/storage.ts';
import { eveRecord } from '../../fixtures/alert-records.ts';
import { runCli } from './cli-process.ts';

const root = mkdtempSync(join(tmpdir(), 'evenwatch-retention-cli-'));
const dataDir = join(root, 'data');
const run = (...args: string[]) => runCli([...args, '--data', dataDir]);
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('says what is kept, keeps the policy now, and refuses a policy that it cannot read', async () => {
  const file = join(root, 'eve.json');
  writeFileSync(file, `${JSON.stringify(eveRecord())}\n`);
  expect((await run('ingest', file)).code).toBe(0);
  const status = await run('retention', 'status', '--json');
  expect(status.code).toBe(0);
  expect(storageStatusSchema.parse(JSON.parse(status.out))).toMatchObject({ originals: { records: 1 }, due: [] });
  const words = await run('retention', 'status');
  expect(words.out).toMatch(/^Originals: 1 in [\s\S]*low 365 days[\s\S]*Nothing is due to be dropped\./);
  const done = await run('retention', 'run', '--json');
  expect(storageRunSchema.loose().parse(JSON.parse(done.out))).toMatchObject({ droppedRecords: 0, isDone: true });
  mkdirSync(join(dataDir, 'policies'));
  const policy = JSON.stringify({ ...loadStoragePolicy(), originals: { keepDays: { low: 0 } } });
  writeFileSync(join(dataDir, 'policies', 'storage.json'), policy);
  const refused = await run('retention', 'run');
  expect(refused.code).toBe(1);
  expect(refused.err).toMatch(/storage\.json cannot be used[\s\S]*originals\.keepDays\.low/);
}, 60_000);
