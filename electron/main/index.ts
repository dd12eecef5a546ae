import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app } from 'electron';
import { startDesktop } from './start.ts';

const mainDir = dirname(fileURLToPath(import.meta.url));
const outDir = join(mainDir, '..');
const resourcesDir = app.isPackaged ? join(process.resourcesPath, 'resources') : join(outDir, '..', 'resources');

void startDesktop({ outDir, resourcesDir }, process.argv);
