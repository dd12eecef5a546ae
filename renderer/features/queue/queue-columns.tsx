import { columnVisibilityFeature, createColumnHelper, tableFeatures } from '@tanstack/react-table';
import { entityInWords, isAboutMany } from '../../../shared/domain/explain/entity-words.ts';
import type { Person } from '../../../shared/model/people.ts';
import type { QueueItem } from '../../../shared/model/queue.ts';
import { ClockChip } from '../../ui/clock-chip.tsx';
import { EntityText } from '../../ui/entity-text.tsx';
import { LineText } from '../../ui/line-text.tsx';
import { PriorityBadge } from '../../ui/priority-badge.tsx';
import { SeverityMark } from '../../ui/severity-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { DISPOSITION_WORDS, formatCount, STATUS_WORDS, shortCount } from '../../ui/words.ts';
import { NewsChip } from './news-chip.tsx';

export const queueFeatures = tableFeatures({ columnVisibilityFeature });
const column = createColumnHelper<typeof queueFeatures, QueueItem>();

/** Columns in the order in which a row is read. Names of people come with the item's assignee through `people`. */
export function queueColumns(people: ReadonlyMap<string, Person>) {
  return column.columns([
    column.accessor('severity', {
      header: 'Severity',
      cell: ({ row }) => <SeverityMark severity={row.original.severity} />,
    }),
    column.accessor('priorityPoints', {
      header: 'Priority',
      cell: ({ row }) => <PriorityBadge points={row.original.priorityPoints} level={row.original.priorityLevel} />,
    }),
    column.accessor('title', {
      header: 'Title',
      cell: ({ row }) => (
        <>
          <NewsChip item={row.original} />
          <LineText text={row.original.title} cut="auto" />
        </>
      ),
    }),
    column.accessor('entity', {
      header: 'About',
      cell: ({ row }) => <About item={row.original} />,
    }),
    column.accessor('count', {
      header: 'Count',
      cell: ({ row }) =>
        row.original.count > 1 ? (
          <span title={`${formatCount(row.original.count)} alerts in this group`}>
            ×{shortCount(row.original.count)}
          </span>
        ) : null,
    }),
    column.accessor('dueAtMs', {
      header: 'Clock',
      // A closed item has no clock; where the state is folded away, its place says what it turned out to be.
      cell: ({ row, table }) => {
        if (row.original.closedAtMs === null)
          return <ClockChip dueAtMs={row.original.dueAtMs} severity={row.original.severity} />;
        return table.getColumn('status')?.getIsVisible() === true ? null : <State item={row.original} />;
      },
    }),
    column.accessor('lastReceivedAtMs', {
      header: 'Age',
      cell: ({ row }) => <TimeText atMs={row.original.firstReceivedAtMs} which="arrival" form="age" />,
    }),
    column.accessor('product', {
      header: 'Product',
      cell: ({ row }) => <span className="ew-cut">{row.original.product}</span>,
    }),
    column.accessor('assigneeId', {
      header: 'Owner',
      cell: ({ row }) => <Owner id={row.original.assigneeId} people={people} />,
    }),
    column.accessor('status', { header: 'State', cell: ({ row }) => <State item={row.original} /> }),
  ]);
}

/** The one thing that it is about; how many there are where it is about several. */
export function About({ item }: { item: Pick<QueueItem, 'entity' | 'entityCount'> }) {
  const { entity, entityCount } = item;
  if (isAboutMany(item)) return <span className="ew-strong">{entityInWords(item)}</span>;
  const more = entityCount > 1 ? <span className="ew-muted"> +{formatCount(entityCount - 1)}</span> : null;
  return (
    <>
      {entity.value === '' ? <span className="ew-muted">nothing named</span> : <EntityText value={entity.value} />}
      {more}
    </>
  );
}

function Owner({ id, people }: { id: string | null; people: ReadonlyMap<string, Person> }) {
  if (id === null) return <span className="ew-visually-hidden">nobody</span>;
  const person = people.get(id);
  return <span title={person?.name ?? id}>{person?.initials ?? id.slice(0, 2).toUpperCase()}</span>;
}

function State({ item }: { item: QueueItem }) {
  if (item.disposition !== null && item.closedAtMs !== null) {
    const by =
      item.closedBy === null ? '' : `, by ${item.closedBy.kind === 'rule' ? 'rule ' : ''}${item.closedBy.name}`;
    const words = DISPOSITION_WORDS[item.disposition];
    const later = item.laterCount === 0 ? '' : `, ${formatCount(item.laterCount)} more alerts since`;
    return (
      <span className="ew-cut" title={`Closed as ${words.toLowerCase()}${by}${later}`}>
        {item.laterCount === 0 ? null : <span className="ew-muted">+{shortCount(item.laterCount)} </span>}
        {words}
      </span>
    );
  }
  return <span className={`ew-cut${item.status === 'new' ? ' ew-muted' : ''}`}>{STATUS_WORDS[item.status]}</span>;
}

/** Grid width of each column, and the least width of the list at which it is there. Title and severity always are. */
const LAYOUT: Readonly<Record<string, { width: string; from: number }>> = {
  severity: { width: '18px', from: 0 },
  priorityPoints: { width: '52px', from: 0 },
  title: { width: 'minmax(0, 1fr)', from: 0 },
  entity: { width: 'minmax(112px, 0.34fr)', from: 600 },
  count: { width: '44px', from: 480 },
  dueAtMs: { width: '116px', from: 400 },
  lastReceivedAtMs: { width: '40px', from: 760 },
  product: { width: '72px', from: 1000 },
  assigneeId: { width: '40px', from: 800 },
  status: { width: '104px', from: 900 },
};

/** Which columns there is room for. Columns fold by importance; nothing ever scrolls sideways. */
export function visibleColumns(listWidth: number): Record<string, boolean> {
  return Object.fromEntries(Object.entries(LAYOUT).map(([id, { from }]) => [id, listWidth >= from]));
}

/** The grid that header and rows share. The first track holds the check mark. */
export function gridTemplate(listWidth: number): string {
  const tracks = Object.values(LAYOUT).filter(({ from }) => listWidth >= from);
  return ['16px', ...tracks.map(({ width }) => width)].join(' ');
}
