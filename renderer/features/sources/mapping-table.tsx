import type { MappingInForce, MappingProblem } from '../../../shared/model/mapping.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { EntityText } from '../../ui/entity-text.tsx';
import { LineText } from '../../ui/line-text.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { type MappingFile, mappingFiles, problemPlace } from './mapping-words.ts';
import classes from './sources.module.css';

const COLUMNS: readonly Column<MappingFile>[] = [
  { key: 'file', header: 'Mapping file', render: ({ file }) => <EntityText value={file} /> },
  {
    key: 'label',
    header: 'Format',
    render: ({ inForce }) => (inForce === null ? 'none' : <LineText text={inForce.label} />),
  },
  { key: 'state', header: 'State', render: (row) => <FileState row={row} /> },
  {
    key: 'since',
    header: 'In force since',
    align: 'right',
    render: ({ inForce }) => (inForce === null ? 'not in force' : <TimeText atMs={inForce.sinceMs} form="both" />),
  },
];

/** The workspace's mapping files, with line and column of what is wrong in them. Nothing where there are none. */
export function MappingTable({
  mappings,
}: {
  mappings: { inForce: readonly MappingInForce[]; problems: readonly MappingProblem[] };
}) {
  const rows = mappingFiles(mappings);
  if (rows.length === 0) return null;
  return (
    <DataTable
      caption="Mapping files of this workspace"
      columns={COLUMNS}
      rows={rows}
      rowKey={({ file }) => file}
      empty="None."
    />
  );
}

function FileState({ row }: { row: MappingFile }) {
  const { problems, more, sentence } = row;
  return (
    <div className={classes.fileState}>
      <span className={problems.length > 0 ? classes.problem : undefined}>{sentence}</span>
      {problems.map((problem) => (
        <span key={`${problem.line}:${problem.column}:${problem.message}`}>
          {problemPlace(problem)}: <LineText text={problem.message} />
        </span>
      ))}
      {more > 0 ? <span className="ew-muted">{`And ${more} more; evenwatch formats list shows all.`}</span> : null}
    </div>
  );
}
