import type { Duty } from '../../../shared/model/people.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { formatDuration } from '../../ui/duration.ts';
import { TimeText } from '../../ui/time-text.tsx';

const KIND_WORDS: Readonly<Record<Duty['kind'], string>> = { shift: 'Shift', on_call: 'On call', leave: 'Leave' };

function whenOf(duty: Duty, nowMs: number): string {
  if (duty.startsAtMs > nowMs) return 'planned';
  return duty.endsAtMs > nowMs ? 'now' : '';
}

/** Duties with the rest before each shift, newest plan first, so that anybody can recount what the band counted. */
export function Duties({ duties, nowMs }: { duties: readonly Duty[]; nowMs: number }) {
  const inOrder = duties.toSorted((a, b) => a.startsAtMs - b.startsAtMs);
  const work = inOrder.filter((duty) => duty.kind === 'shift');
  const restBefore = new Map(
    work.slice(1).map((duty, at) => [duty, duty.startsAtMs - (work[at]?.endsAtMs ?? duty.startsAtMs)]),
  );
  const columns: Column<Duty>[] = [
    { key: 'kind', header: 'Duty', width: '80px', render: (duty) => KIND_WORDS[duty.kind] },
    { key: 'from', header: 'From', render: (duty) => <TimeText atMs={duty.startsAtMs} form="minute" /> },
    {
      key: 'length',
      header: 'Length',
      align: 'right',
      render: (duty) => formatDuration(duty.endsAtMs - duty.startsAtMs),
    },
    {
      key: 'rest',
      header: 'Rest before',
      align: 'right',
      render: (duty) => {
        const rest = restBefore.get(duty);
        return rest === undefined ? '' : formatDuration(rest);
      },
    },
    {
      key: 'when',
      header: 'When',
      width: '80px',
      render: (duty) => <span className="ew-muted">{whenOf(duty, nowMs)}</span>,
    },
  ];
  return (
    <DataTable
      caption="My duties"
      columns={columns}
      rows={inOrder.toReversed()}
      rowKey={(duty) => `${duty.kind} ${duty.startsAtMs}`}
      empty="No duties are on the rota. A lead can import one under Sources."
    />
  );
}
