import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));

/**
 * Builds the one page that every host serves. Paths are relative, because the desktop serves it from
 * `app://bundle/` and the hub from `/`. Nothing is inlined: the content security policy allows neither
 * inline scripts nor `data:` fonts.
 */
export default defineConfig({
  root: here,
  base: './',
  publicDir: join(here, 'public'),
  plugins: [react()],
  build: {
    outDir: join(here, '..', 'out', 'renderer'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
    chunkSizeWarningLimit: 1200,
    // What main.tsx imports first has to run first, in whatever piece the bundler puts it.
    rolldownOptions: { output: { strictExecutionOrder: true } },
  },
});
