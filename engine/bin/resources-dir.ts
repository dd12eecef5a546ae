import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MappingDirs } from '../ingest/mapping/mapping-files.ts';

/** The root of the sources, from which command line and server run. A bundled host names its own folders. */
export const SOURCE_ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const SOURCE_RESOURCES_DIR = join(SOURCE_ROOT, 'resources');
/** Folders of mapping files that a workspace in this data folder reads: its own first. */
export function mappingsDirs(dataDir: string): MappingDirs {
  return { own: join(dataDir, 'mappings'), program: join(SOURCE_RESOURCES_DIR, 'mappings') };
}

export const SOURCE_RENDERER_DIR = join(SOURCE_ROOT, 'out', 'renderer');
