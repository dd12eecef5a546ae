import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';
import { SOURCE_ROOT } from '../../../../engine/bin/resources-dir.ts';

/** Threads of a host, and the host itself, by the names of their bundles. */
const ENTRIES = {
  host: join(import.meta.dirname, 'killed-host.ts'),
  writer: join(SOURCE_ROOT, 'engine/writer-worker.ts'),
  reader: join(SOURCE_ROOT, 'engine/ingest/ahead/reader-worker.ts'),
  sample: join(SOURCE_ROOT, 'engine/sample/sample-worker.ts'),
  'heavy-reads': join(SOURCE_ROOT, 'engine/triage/history/heavy-reads-worker.ts'),
};

export interface HostBundle {
  /** The script of the host that is to be killed. */
  script: string;
  writerUrl: URL;
  remove(): void;
}

/**
 * Bundles the host once, since each start from some hundreds of source files takes longer than all that it does until
 * it is killed. The code is the same: only where a module lies is written into it, as files are found from there.
 */
export async function bundleHost(): Promise<HostBundle> {
  const folder = mkdtempSync(join(tmpdir(), 'evenwatch-killed-host-'));
  symlinkSync(fileURLToPath(new URL('./node_modules', pathToFileURL(SOURCE_ROOT))), join(folder, 'node_modules'));
  await build({
    configFile: false,
    root: SOURCE_ROOT,
    logLevel: 'warn',
    plugins: [
      {
        name: 'place-of-source',
        enforce: 'pre',
        transform: (code, id) =>
          id.startsWith('\0') || id.includes('node_modules')
            ? null
            : code.replaceAll('import.meta.url', JSON.stringify(String(pathToFileURL(id)))),
      },
    ],
    ssr: { noExternal: true, external: ['better-sqlite3', 'pg', 'pino'] },
    build: {
      ssr: true,
      target: 'node24',
      outDir: join(folder, 'out'),
      emptyOutDir: false,
      minify: false,
      rolldownOptions: { input: ENTRIES, output: { entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' } },
    },
  });
  return {
    script: join(folder, 'out', 'host.mjs'),
    writerUrl: pathToFileURL(join(folder, 'out', 'writer.mjs')),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
