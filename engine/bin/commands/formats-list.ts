import { FORMATS } from '../../ingest/formats/index.ts';
import { loadCatalogue } from '../../ingest/mapping/mapping-files.ts';
import type { Command } from '../command.ts';
import { mappingsDirs } from '../resources-dir.ts';
import { table, visible } from '../terminal.ts';

export const formatsListCommand: Command = {
  name: 'formats list',
  usage: '',
  summary: 'The formats that can be read: those of the program and those of mapping files',
  flags: {},
  async run({ dataDir, terminal }) {
    const { mappings, problems } = loadCatalogue(mappingsDirs(dataDir));
    const formats = [
      ...FORMATS.map(({ name, label }) => ({ name, label, mapping: null })),
      ...mappings.map(({ path, format }) => ({ name: format.name, label: format.label, mapping: path })),
    ];
    const rows = table(
      [
        { title: 'Format', cell: ({ name }) => name },
        { title: 'Product', cell: ({ label }) => label },
        { title: 'From', isElastic: true, cell: ({ mapping }) => mapping ?? 'the program' },
      ],
      formats,
      terminal.columns,
    );
    const told = problems.map(
      ({ path, line, column, level, message }) => `${visible(path)}:${line}:${column} ${level}: ${visible(message)}\n`,
    );
    return {
      json: { formats, problems },
      text: `${rows}${told.length === 0 ? '' : `\n${told.join('')}`}`,
      isOk: !problems.some((problem) => problem.level === 'error'),
    };
  },
};
