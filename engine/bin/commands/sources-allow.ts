import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EngineError } from '../../../shared/model/errors.ts';
import { allowSourceFolder, sourceFolders } from '../../ingest/sources/source-folders.ts';
import { UsageError } from '../arguments.ts';
import { EVENWATCH } from '../called-by-npm.ts';
import type { Command } from '../command.ts';
import { visible } from '../terminal.ts';

export const sourcesAllowCommand: Command = {
  name: 'sources allow',
  usage: '[FOLDER]',
  summary: 'Let sources read a folder and what lies below it; without one, show those that they may',
  flags: {},
  async run({ args, dataDir }) {
    const [folder, ...rest] = args.positionals;
    if (rest.length > 0) throw new UsageError(`Name one folder: ${EVENWATCH} sources allow FOLDER.`);
    if (folder !== undefined) {
      const path = resolve(folder);
      const isFolder = await stat(path).then(
        (found) => found.isDirectory(),
        () => false,
      );
      if (!isFolder) throw new EngineError('not_found', `${path} is no folder. Check its name.`);
      await allowSourceFolder(dataDir, path);
    }
    const folders = await sourceFolders(dataDir);
    const text = `Sources may read:\n${folders.map((each) => `  ${visible(each)}\n`).join('')}`;
    return { json: { folders }, text, isOk: true };
  },
};
