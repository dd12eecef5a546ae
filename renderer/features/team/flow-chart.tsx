import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { CHART, ChartFrame } from '../../ui/chart-frame.tsx';
import { formatClock } from '../../ui/duration.ts';
import { useZone } from '../../ui/time-context.tsx';
import { formatCount } from '../../ui/words.ts';
import type { FlowHour } from './overview-types.ts';
import classes from './team.module.css';

/** Items received and finished by hour, all tiers together. No person is in it. */
export function FlowChart({ flow }: { flow: readonly FlowHour[] }) {
  const zone = useZone();
  const rows = flow.map((hour) => ({ ...hour, label: formatClock(hour.hourMs, zone) }));
  return (
    <ChartFrame
      title="Items an hour"
      note={`last ${rows.length} hours, all tiers`}
      rows={rows}
      rowKey={(row) => row.hourMs}
      columns={[
        { key: 'hour', header: 'Hour', render: (row) => row.label },
        { key: 'in', header: 'Received', align: 'right', render: (row) => formatCount(row.received) },
        { key: 'out', header: 'Finished', align: 'right', render: (row) => formatCount(row.finished) },
      ]}
    >
      <div className={classes.legend}>
        <span data-series="first">Received</span>
        <span data-series="second">Finished</span>
      </div>
      <ResponsiveContainer width="100%" height={156}>
        <LineChart accessibilityLayer={false} data={rows} margin={{ top: 8, right: 8, bottom: 0, left: 0 }}>
          <CartesianGrid {...CHART.grid} />
          <XAxis dataKey="label" {...CHART.axis} tickLine={false} minTickGap={28} height={20} />
          <YAxis {...CHART.axis} tickLine={false} axisLine={false} width={36} allowDecimals={false} />
          <Tooltip isAnimationActive={false} contentStyle={TOOLTIP} />
          <Line
            dataKey="received"
            name="Received"
            stroke={CHART.first}
            dot={false}
            strokeWidth={2}
            isAnimationActive={false}
          />
          <Line
            dataKey="finished"
            name="Finished"
            stroke={CHART.second}
            strokeDasharray="5 3"
            dot={false}
            strokeWidth={2}
            isAnimationActive={false}
          />
        </LineChart>
      </ResponsiveContainer>
    </ChartFrame>
  );
}

const TOOLTIP = { background: 'var(--ew-raised)', border: '1px solid var(--ew-line)', borderRadius: 4, fontSize: 12 };
