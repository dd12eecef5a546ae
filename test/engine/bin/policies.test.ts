import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runCli } from './cli-process.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'evenwatch-policies-cli-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));
const list = (...args: string[]) => runCli(['policies', 'list', ...args, '--data', dataDir]);

it('says what differs here, what cannot be used and why, and what nobody reads', async () => {
  expect(await list()).toMatchObject({ code: 0, out: 'Every policy is as it comes with the program.\n' });
  mkdirSync(join(dataDir, 'policies'));
  const put = (name: string, text: string) => writeFileSync(join(dataDir, 'policies', name), text);
  put('grouping.json', '{"windowMinutes": 60, "stormEntities": 25, "products": {"okta": {"windowMinutes": 30}}}');
  const here = await list('--json');
  expect(here.code).toBe(0);
  expect(JSON.parse(here.out).policies.find(({ name }: { name: string }) => name === 'grouping')).toMatchObject({
    changes: [
      { path: 'windowMinutes', default: 240, here: 60 },
      { path: 'products.okta', default: null, here: { windowMinutes: 30 } },
    ],
    problem: null,
  });
  put('grouping.json', '{"windowMinutes": 0}');
  put('strain.json', '{}');
  const refused = await list();
  expect(refused.code).toBe(1);
  expect(refused.out).toMatch(/grouping +windowMinutes +240 +0/);
  expect(refused.out).toMatch(/grouping\.json cannot be used\.\n.*\n +→ at windowMinutes/);
  expect(refused.out).toMatch(/strain\.json is no policy that a workspace may change, and is not read\./);
}, 60_000);
