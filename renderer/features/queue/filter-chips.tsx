import { ANY_OPEN, type QueueFilter } from '../../../shared/model/queue.ts';
import { usePeople } from '../../state/workspace.ts';
import { showHidden } from '../../ui/hostile.ts';
import { DISPOSITION_WORDS, SEVERITY_WORDS, STATUS_WORDS, TIER_WORDS } from '../../ui/words.ts';
import classes from './toolbar.module.css';

interface Chip {
  key: keyof QueueFilter;
  name: string;
  value: string;
}

const CLOSED_BY = { person: 'a person', rule: 'a rule', source: 'its product' } as const;

/** What is asked for, in words, each with a way to take it away. Draws nothing when nothing is asked for. */
export function FilterChips({ filter, onChange }: { filter: QueueFilter; onChange: (filter: QueueFilter) => void }) {
  const people = usePeople();
  const chips = chipsOf(filter, (id) => (id === 'me' ? 'me' : id === 'none' ? 'nobody' : (people.get(id)?.name ?? id)));
  if (chips.length === 0) return null;
  return (
    <ul className={classes.chips} aria-label="Filters">
      {chips.map(({ key, name, value }) => (
        <li key={key} className={classes.chip}>
          <span className="ew-muted">{name}</span>
          <bdi className="ew-cut">{showHidden(value)}</bdi>
          <button
            type="button"
            aria-label={`Remove the filter ${name} ${showHidden(value)}`}
            onClick={() => onChange(without(filter, key))}
          >
            <svg viewBox="0 0 10 10" width="8" height="8" aria-hidden>
              <path d="M1 1l8 8M9 1 1 9" stroke="currentColor" strokeWidth="1.6" />
            </svg>
          </button>
        </li>
      ))}
      <li>
        <button type="button" className={classes.link} onClick={() => onChange({ ...ANY_OPEN, state: filter.state })}>
          Clear all
        </button>
      </li>
    </ul>
  );
}

/** A search looks at open and closed; without it the queue is the open one again. */
function without(filter: QueueFilter, key: keyof QueueFilter): QueueFilter {
  return { ...filter, [key]: ANY_OPEN[key], ...(key === 'text' ? { state: ANY_OPEN.state } : {}) };
}

function chipsOf(filter: QueueFilter, nameOf: (id: string) => string): Chip[] {
  const chips: Chip[] = [];
  const add = (key: keyof QueueFilter, name: string, values: readonly string[]) => {
    if (values.length > 0) chips.push({ key, name, value: values.join(' or ') });
  };
  const one = (value: string | null) => (value === null ? [] : [value]);
  add('text', 'says', one(filter.text));
  add('priorityLevels', 'priority', filter.priorityLevels);
  add(
    'severities',
    'severity',
    filter.severities.map((value) => SEVERITY_WORDS[value].toLowerCase()),
  );
  add(
    'tiers',
    'tier',
    filter.tiers.map((value) => TIER_WORDS[value].toLowerCase()),
  );
  add(
    'statuses',
    'state',
    filter.statuses.map((value) => STATUS_WORDS[value].toLowerCase()),
  );
  add(
    'dispositions',
    'closed as',
    filter.dispositions.map((value) => DISPOSITION_WORDS[value].toLowerCase()),
  );
  add(
    'closedByKinds',
    'closed by',
    filter.closedByKinds.map((value) => CLOSED_BY[value]),
  );
  add('products', 'product', filter.products);
  add('assignee', 'owner', one(filter.assignee === null ? null : nameOf(filter.assignee)));
  add('sourceRuleId', 'source rule', one(filter.sourceRuleId));
  add('closingRuleId', 'closed by rule', one(filter.closingRuleId));
  add('entityValue', 'about', one(filter.entityValue));
  add('tag', 'tag', one(filter.tag));
  add('site', 'site', one(filter.site));
  return chips;
}
