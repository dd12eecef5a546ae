import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { QueueFilter } from '../../../shared/model/queue.ts';
import {
  OPEN_STATUSES,
  PRIORITY_LEVELS,
  SEVERITIES,
  type Severity,
  STATUSES,
  TIERS,
} from '../../../shared/model/vocabulary.ts';
import { useEngine } from '../../state/engine.tsx';
import { keys } from '../../state/query-keys.ts';
import { usePeople } from '../../state/workspace.ts';
import { SeverityMark } from '../../ui/severity-mark.tsx';
import { formatCount, STATUS_WORDS, TIER_WORDS } from '../../ui/words.ts';
import classes from './facets.module.css';

interface Props {
  filter: QueueFilter;
  onChange: (filter: QueueFilter) => void;
}

const MOST_SEVERE_FIRST: readonly Severity[] = [...SEVERITIES].reverse();

/** What there is, with counts, and what is asked for. Counts are of the whole state that is looked at. */
export function Facets({ filter, onChange }: Props) {
  const engine = useEngine();
  const people = usePeople();
  const { data } = useQuery({
    queryKey: keys.facets(filter.state),
    queryFn: () => engine.queue.facets({ state: filter.state }),
    placeholderData: (before) => before,
  });
  const statuses = filter.state === 'open' ? OPEN_STATUSES : STATUSES;
  return (
    <div className={classes.root}>
      <Facet
        title="Priority"
        values={PRIORITY_LEVELS}
        counts={data?.priorityLevels}
        chosen={filter.priorityLevels}
        onChange={(priorityLevels) => onChange({ ...filter, priorityLevels })}
      />
      <Facet
        title="Severity"
        values={MOST_SEVERE_FIRST}
        counts={data?.severities}
        chosen={filter.severities}
        label={(severity) => <SeverityMark severity={severity} withWord />}
        onChange={(severities) => onChange({ ...filter, severities })}
      />
      <Facet
        title="Tier"
        values={TIERS}
        counts={data?.tiers}
        chosen={filter.tiers}
        label={(tier) => TIER_WORDS[tier]}
        onChange={(tiers) => onChange({ ...filter, tiers })}
      />
      <Facet
        title="State"
        values={statuses}
        counts={data?.statuses}
        chosen={filter.statuses}
        label={(status) => STATUS_WORDS[status]}
        onChange={(list) => onChange({ ...filter, statuses: list })}
      />
      <Facet
        title="Product"
        values={(data?.products ?? []).map((product) => product.value)}
        counts={data?.products}
        chosen={filter.products}
        onChange={(products) => onChange({ ...filter, products })}
      />
      <Facet
        title="Owner"
        values={(data?.assignees ?? []).map((one) => one.value)}
        counts={data?.assignees}
        chosen={filter.assignee === null ? [] : [filter.assignee]}
        label={(id) => (id === 'none' ? 'Nobody' : <bdi>{people.get(id)?.name ?? id}</bdi>)}
        onChange={(list) => onChange({ ...filter, assignee: list.at(-1) ?? null })}
      />
    </div>
  );
}

function Facet<Value extends string>({
  title,
  values,
  counts,
  chosen,
  label = (value) => value,
  onChange,
}: {
  title: string;
  values: readonly Value[];
  counts: readonly { value: string; n: number }[] | undefined;
  chosen: readonly string[];
  label?: (value: Value) => ReactNode;
  onChange: (chosen: Value[]) => void;
}) {
  const byValue = new Map((counts ?? []).map(({ value, n }) => [value, n]));
  const shown = values.filter((value) => (byValue.get(value) ?? 0) > 0 || chosen.includes(value));
  if (shown.length === 0) return null;
  return (
    <fieldset className={classes.facet}>
      <legend>{title}</legend>
      {shown.map((value) => {
        const isOn = chosen.includes(value);
        return (
          <label key={value} className={classes.value} data-on={isOn}>
            <input
              type="checkbox"
              checked={isOn}
              onChange={() =>
                onChange(
                  isOn
                    ? values.filter((one) => one !== value && chosen.includes(one))
                    : [...values.filter((one) => chosen.includes(one)), value],
                )
              }
            />
            <span className="ew-cut">{label(value)}</span>
            <span className={classes.n}>{formatCount(byValue.get(value) ?? 0)}</span>
          </label>
        );
      })}
    </fieldset>
  );
}
