import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ChildAlert } from '../../../../shared/model/queue.ts';
import { useEngine } from '../../../state/engine.tsx';
import { wordsOf } from '../../../state/error-words.ts';
import { keys } from '../../../state/query-keys.ts';
import { formatInstant } from '../../../ui/duration.ts';
import { ErrorState } from '../../../ui/error-state.tsx';
import { HostileText } from '../../../ui/hostile-text.tsx';
import { Section } from '../../../ui/section.tsx';
import { SkeletonRows } from '../../../ui/skeleton-rows.tsx';
import { useZone } from '../../../ui/time-context.tsx';
import { layOutJson } from './lay-out-json.ts';

/** The exact text that came in. Read only when it is asked for. */
export function Original({ alerts }: { alerts: readonly ChildAlert[] }) {
  const zone = useZone();
  const [chosen, setChosen] = useState<number | null>(null);
  const first = alerts[0];
  if (first === undefined) return null;
  const id = chosen ?? first.id;
  return (
    <Section
      title="Original text"
      note="as it came, with line breaks for reading; nothing in it is a link"
      isFoldable
      startsOpen={false}
    >
      {alerts.length > 1 ? (
        <NativeSelect
          aria-label="Of which alert"
          value={String(id)}
          data={alerts.map((alert) => ({
            value: String(alert.id),
            label: `${alert.ref}, ${formatInstant(alert.observedAtMs, zone)}`,
          }))}
          onChange={(event) => setChosen(Number(event.currentTarget.value))}
        />
      ) : null}
      <Text id={id} />
    </Section>
  );
}

function Text({ id }: { id: number }) {
  const engine = useEngine();
  const { data, error, refetch } = useQuery({
    queryKey: keys.original(id),
    queryFn: ({ signal }) => engine.alert.original({ id }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (data !== undefined && data.notice !== null) return <p className="ew-muted">{data.notice}</p>;
  if (data !== undefined) {
    return (
      <>
        {data.readBefore === null ? null : <p className="ew-muted">{data.readBefore}</p>}
        <HostileText text={layOutJson(data.text)} total={data.total} label="the original" />
      </>
    );
  }
  if (error !== null)
    return <ErrorState error={wordsOf(error, 'Reading the original')} onRetry={() => void refetch()} />;
  return <SkeletonRows rows={6} label="the original" />;
}
