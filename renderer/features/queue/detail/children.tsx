import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ChildAlert, GroupDetail, QueueItem } from '../../../../shared/model/queue.ts';
import { makeStatement } from '../../../client/statement.ts';
import { useEngine } from '../../../state/engine.tsx';
import { wordsOf } from '../../../state/error-words.ts';
import { keys } from '../../../state/query-keys.ts';
import { useDecide } from '../../../state/use-decide.ts';
import { type Column, DataTable } from '../../../ui/data-table.tsx';
import { EntityText } from '../../../ui/entity-text.tsx';
import { LineText } from '../../../ui/line-text.tsx';
import { Section } from '../../../ui/section.tsx';
import { SeverityMark } from '../../../ui/severity-mark.tsx';
import { TimeText } from '../../../ui/time-text.tsx';
import { countOf, formatCount, SEVERITY_WORDS } from '../../../ui/words.ts';
import classes from './detail.module.css';

/** The contract takes as many at once. */
const SPLIT_MAX = 500;

/** What is chosen to be split off. */
interface Chosen {
  ids: ReadonlySet<number>;
  toggle: (id: number) => void;
}

function columnsOf(chosen: Chosen | null): readonly Column<ChildAlert>[] {
  if (chosen === null) return COLUMNS;
  const check: Column<ChildAlert> = {
    key: 'choose',
    header: '',
    width: '26px',
    render: (alert) => (
      <input
        type="checkbox"
        checked={chosen.ids.has(alert.id)}
        aria-label={`Choose ${alert.ref}`}
        onChange={() => chosen.toggle(alert.id)}
      />
    ),
  };
  return [check, ...COLUMNS];
}

const COLUMNS: readonly Column<ChildAlert>[] = [
  { key: 'severity', header: '', width: '22px', render: (alert) => <SeverityMark severity={alert.severity} /> },
  {
    key: 'when',
    header: 'Happened',
    width: '24%',
    render: (alert) => <TimeText atMs={alert.observedAtMs} which="event" />,
  },
  {
    key: 'what',
    header: 'What',
    render: (alert) => (
      <>
        <LineText text={alert.commandLine ?? alert.title} limit={240} />
        {alert.claimedSeverity === null ? null : (
          <span className="ew-muted"> claimed {SEVERITY_WORDS[alert.claimedSeverity].toLowerCase()}</span>
        )}
        {alert.revision > 0 ? <span className="ew-muted"> changed {countOf(alert.revision, 'time')}</span> : null}
      </>
    ),
  },
  {
    key: 'where',
    header: 'From and to',
    width: '34%',
    importance: 2,
    render: (alert) => (
      <>
        {[alert.sourceIp ?? alert.user, alert.destinationIp ?? alert.host]
          .filter((value) => value !== null)
          .map((value) => (
            <div key={value}>
              <EntityText value={value} />
            </div>
          ))}
      </>
    ),
  },
];

/** The alerts that this group is made of, a page at a time. */
export function Children({ detail }: { detail: GroupDetail }) {
  const engine = useEngine();
  const { id, count } = detail.item;
  const more = useInfiniteQuery({
    queryKey: [...keys.groupAlerts(id), detail.alertsNextCursor],
    queryFn: ({ pageParam }) => engine.queue.alerts({ id, cursor: pageParam, limit: 100 }),
    initialPageParam: detail.alertsNextCursor,
    getNextPageParam: (page) => page.nextCursor,
    enabled: false,
  });
  const loaded = more.data?.pages.flatMap((page) => page.alerts) ?? [];
  const alerts = [...detail.alerts, ...loaded];
  const hasMore = more.data === undefined ? detail.alertsNextCursor !== null : more.hasNextPage;
  const [ids, setIds] = useState<ReadonlySet<number>>(new Set());
  const isOpen = detail.item.closedAtMs === null;
  const toggle = (alertId: number) =>
    setIds((known) => {
      const next = new Set(known);
      if (!next.delete(alertId)) next.add(alertId);
      return next;
    });
  if (count <= 1 && alerts.length <= 1) return null;
  return (
    <Section
      title="Alerts in this group"
      note={`${formatCount(alerts.length)} of ${formatCount(count)} shown, as they arrived`}
      isFoldable
    >
      {ids.size === 0 ? null : <SplitBar item={detail.item} ids={ids} onDone={() => setIds(new Set())} />}
      <DataTable
        caption={`Alerts in ${detail.item.ref}`}
        columns={columnsOf(isOpen ? { ids, toggle } : null)}
        rows={alerts}
        rowKey={(alert) => alert.id}
      />
      {hasMore ? (
        <div>
          <Button
            loading={more.isFetching}
            onClick={() => void (more.data === undefined ? more.refetch() : more.fetchNextPage())}
          >
            Show more of {countOf(count, 'alert')}
          </Button>
        </div>
      ) : null}
      {more.error === null ? null : <p role="alert">{wordsOf(more.error, 'Reading more alerts').happened}</p>}
    </Section>
  );
}

/** Takes the chosen alerts out into an item of their own. All of them cannot go: the item would be empty. */
function SplitBar({ item, ids, onDone }: { item: QueueItem; ids: ReadonlySet<number>; onDone: () => void }) {
  const engine = useEngine();
  const decide = useDecide();
  const isAll = ids.size >= item.count;
  const split = async () => {
    const { id, version } = item;
    const statement = makeStatement({ kind: 'group.split', subjects: [{ id, version }] });
    const alertIds = [...ids];
    const done = await decide.run(() => engine.decisions.split({ statement, id, version, alertIds }), {
      doing: 'Splitting them off',
      ids: [id],
    });
    if (done !== null) onDone();
  };
  return (
    <section className={classes.splitBar} aria-label="Chosen alerts">
      <Button variant="filled" disabled={isAll || ids.size > SPLIT_MAX} onClick={() => void split()}>
        Split {countOf(ids.size, 'alert')} off
      </Button>
      <Button variant="subtle" onClick={onDone}>
        Clear
      </Button>
      <span className="ew-muted">
        {isAll
          ? 'These are all of them. Leave at least one.'
          : ids.size > SPLIT_MAX
            ? `At most ${SPLIT_MAX} at once.`
            : `into an item of ${ids.size === 1 ? 'its' : 'their'} own, with the same owner and state`}
      </span>
    </section>
  );
}
