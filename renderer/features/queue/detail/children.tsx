import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ChildAlert, GroupDetail } from '../../../../shared/model/queue.ts';
import { useEngine } from '../../../state/engine.tsx';
import { wordsOf } from '../../../state/error-words.ts';
import { keys } from '../../../state/query-keys.ts';
import { type Column, DataTable } from '../../../ui/data-table.tsx';
import { EntityText } from '../../../ui/entity-text.tsx';
import { LineText } from '../../../ui/line-text.tsx';
import { Section } from '../../../ui/section.tsx';
import { SeverityMark } from '../../../ui/severity-mark.tsx';
import { TimeText } from '../../../ui/time-text.tsx';
import { countOf } from '../../../ui/words.ts';

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
  if (count <= 1 && alerts.length <= 1) return null;
  return (
    <Section title="Alerts in this group" note={`${alerts.length} of ${count} shown, as they arrived`} isFoldable>
      <DataTable
        caption={`Alerts in ${detail.item.ref}`}
        columns={COLUMNS}
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
