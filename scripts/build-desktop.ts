import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type InlineConfig } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** What stays a package at run time: the native database binding, and what loads files of its own. */
const EXTERNAL = ['electron', 'better-sqlite3', 'pg', 'pino'];

function bundle(input: Record<string, string>, format: 'es' | 'cjs'): InlineConfig {
  const extension = format === 'es' ? 'js' : 'cjs';
  return {
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: true, external: EXTERNAL },
    build: {
      ssr: true,
      outDir: join(root, 'out'),
      emptyOutDir: false,
      target: 'node24',
      minify: false,
      rollupOptions: {
        input,
        output: { format, entryFileNames: `[name].${extension}`, chunkFileNames: `shared/[name]-[hash].${extension}` },
      },
    },
  };
}

/**
 * Bundles what Electron loads into out/: main, the engine process with its writer thread, and the preload, which a
 * sandboxed page can only load as one CommonJS file. The renderer is built by its own configuration.
 */
export async function buildDesktop(): Promise<void> {
  await build({ configFile: join(root, 'renderer', 'vite.config.ts'), logLevel: 'warn' });
  await build(
    bundle(
      {
        'main/index': join(root, 'electron/main/index.ts'),
        'engine/engine-process': join(root, 'electron/engine-process/index.ts'),
        'engine/writer-worker': join(root, 'engine/writer-worker.ts'),
        'engine/reader-worker': join(root, 'engine/ingest/ahead/reader-worker.ts'),
        'engine/heavy-reads-worker': join(root, 'engine/triage/history/heavy-reads-worker.ts'),
        'engine/sample-worker': join(root, 'engine/sample/sample-worker.ts'),
      },
      'es',
    ),
  );
  await build(bundle({ 'preload/index': join(root, 'electron/preload/index.ts') }, 'cjs'));
}

if (import.meta.main) await buildDesktop();
