import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise, type IConfiguration, type ICruiseResult } from 'dependency-cruiser';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const SOURCE_FOLDERS = ['shared', 'engine', 'renderer', 'electron', 'scripts'];

/** Every source file under the folders, with paths as dependency-cruiser writes them. */
export function sourceFiles(root = ROOT, folders: readonly string[] = SOURCE_FOLDERS): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/')),
  );
}

export interface Cruised {
  violations: string[];
  /** Modules of our own that were really read. */
  seen: Set<string>;
}

/** Runs the project's own rules over a tree of the same shape. */
export async function cruiseSources(root: string): Promise<Cruised> {
  const config = createRequire(import.meta.url)(join(ROOT, '.dependency-cruiser.cjs')) as IConfiguration;
  const { output } = await cruise(SOURCE_FOLDERS, {
    ...config.options,
    ruleSet: { forbidden: config.forbidden ?? [] },
    validate: true,
    baseDir: root,
  });
  const result = output as ICruiseResult;
  return {
    violations: result.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`),
    seen: new Set(result.modules.map((module) => module.source)),
  };
}
