import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { CHART, ChartFrame } from '../../ui/chart-frame.tsx';
import { formatInstant } from '../../ui/duration.ts';
import { formatCount } from '../../ui/words.ts';
import classes from './automation.module.css';

interface Day {
  dayMs: number;
  closedByRules: number;
  queued: number;
}

/** Alerts a day: what rules closed below, what came to people above. */
export function ClosuresChart({ days }: { days: readonly Day[] }) {
  const rows = days.map((day) => ({ ...day, label: formatInstant(day.dayMs, 'utc').slice(5, 10) }));
  return (
    <ChartFrame
      title="Alerts a day"
      note="by arrival, in UTC days; the first and the last are not whole. Without what was closed at source."
      rows={rows}
      rowKey={(row) => row.dayMs}
      columns={[
        { key: 'day', header: 'Day', render: (row) => row.label },
        { key: 'closed', header: 'Closed by rules', align: 'right', render: (row) => formatCount(row.closedByRules) },
        { key: 'queued', header: 'To the queue', align: 'right', render: (row) => formatCount(row.queued) },
      ]}
    >
      <div className={classes.legend}>
        <span data-series="first">Closed by rules</span>
        <span data-series="second">To the queue</span>
      </div>
      <ResponsiveContainer width="100%" height={156}>
        <BarChart
          accessibilityLayer={false}
          data={rows}
          barCategoryGap="20%"
          margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
        >
          <CartesianGrid {...CHART.grid} />
          <XAxis dataKey="label" {...CHART.axis} tickLine={false} height={20} />
          <YAxis
            {...CHART.axis}
            tickLine={false}
            axisLine={false}
            width={44}
            allowDecimals={false}
            tickFormatter={formatCount}
          />
          <Tooltip cursor={{ fill: 'var(--ew-hover)' }} isAnimationActive={false} contentStyle={TOOLTIP} />
          <Bar
            dataKey="closedByRules"
            name="Closed by rules"
            stackId="day"
            fill={CHART.first}
            isAnimationActive={false}
          />
          <Bar dataKey="queued" name="To the queue" stackId="day" fill={CHART.second} isAnimationActive={false} />
        </BarChart>
      </ResponsiveContainer>
    </ChartFrame>
  );
}

const TOOLTIP = { background: 'var(--ew-raised)', border: '1px solid var(--ew-line)', borderRadius: 4, fontSize: 12 };
