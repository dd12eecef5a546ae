import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { fileSecrets } from '../../../engine/bin/file-secrets.ts';

const dir = mkdtempSync(join(tmpdir(), 'evenwatch-secrets-'));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('keeps a secret for its owner alone, replaces it and forgets it', async () => {
  const folder = join(dir, 'data', 'secrets');
  const secrets = fileSecrets(folder);
  expect(await secrets.get('source-1')).toBeNull();
  await secrets.set('source-1', 'first');
  await secrets.set('source-1', 'sécret\n');
  expect(await secrets.get('source-1')).toBe('sécret\n');
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, 'source-1')).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['source-1']);
  await secrets.set('source-1', '');
  expect(await secrets.get('source-1')).toBeNull();
  await expect(secrets.set('../elsewhere', 'x')).rejects.toMatchObject({ code: 'invalid_input' });
});

test('refuses one that others may read, and says how to mend it', async () => {
  const secrets = fileSecrets(join(dir, 'secrets'));
  await secrets.set('source-1', 'x');
  chmodSync(join(dir, 'secrets', 'source-1'), 0o640);
  await expect(secrets.get('source-1')).rejects.toThrow(/chmod 600 .*source-1/);
  chmodSync(join(dir, 'secrets', 'source-1'), 0o600);
  chmodSync(join(dir, 'secrets'), 0o755);
  await expect(secrets.get('source-1')).rejects.toThrow(/chmod 700/);
});
