import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cruiseSources, ROOT, SOURCE_FOLDERS, sourceFiles } from './cruise-sources.ts';

describe('who imports whom', () => {
  it('keeps every direction', async () => {
    const { violations, seen } = await cruiseSources(ROOT);
    expect(violations).toEqual([]);
    // A parser that reads nothing finds no violation either.
    expect(sourceFiles().filter((file) => !seen.has(file))).toEqual([]);
  }, 60_000);

  it('notices each direction that is broken', async () => {
    const copy = mkdtempSync(join(tmpdir(), 'evenwatch-directions-'));
    try {
      for (const folder of SOURCE_FOLDERS) cpSync(join(ROOT, folder), join(copy, folder), { recursive: true });
      cpSync(join(ROOT, 'package.json'), join(copy, 'package.json'));
      symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'dir');
      const broken: Record<string, string> = {
        'shared/domain/bad-contract.ts': "import '../contract/index.ts';\n",
        'shared/domain/bad-node.ts': "import 'node:fs';\n",
        'shared/model/bad-engine.ts': "import type { Clock } from '../../engine/ports.ts';\nexport type X = Clock;\n",
        'engine/triage/bad-electron.ts': "import 'electron';\n",
        'engine/triage/bad-sql.ts': "import 'better-sqlite3';\n",
        'renderer/features/bad-engine.ts': "import '../../engine/ports.ts';\n",
        'renderer/features/bad-node.ts': "import 'node:path';\n",
        'renderer/features/bad-host.ts': "import '../client/port-channel.ts';\n",
        'electron/main/bad-engine.ts': "import '../../engine/ports.ts';\n",
      };
      for (const [path, text] of Object.entries(broken)) writeFileSync(join(copy, path), text);
      const { violations } = await cruiseSources(copy);
      for (const path of Object.keys(broken)) {
        expect(
          violations.some((violation) => violation.includes(path)),
          `${path} went unnoticed`,
        ).toBe(true);
      }
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  }, 60_000);
});
