import { type Column, DataTable } from '../../ui/data-table.tsx';
import { LineText } from '../../ui/line-text.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { TIER_WORDS } from '../../ui/words.ts';
import type { PersonFacts } from './overview-types.ts';
import classes from './team.module.css';

const COLUMNS: readonly Column<PersonFacts>[] = [
  { key: 'name', header: 'Person', render: ({ person }) => <LineText text={person.name} cut="end" /> },
  { key: 'tier', header: 'Tier', width: '80px', render: ({ person }) => TIER_WORDS[person.tier] },
  {
    key: 'skills',
    header: 'Skills',
    importance: 3,
    render: ({ person }) => <span className="ew-muted">{person.skills.join(', ')}</span>,
  },
  {
    key: 'duty',
    header: 'Duty',
    width: '270px',
    render: ({ onDutyUntilMs, nextDutyAtMs }) =>
      onDutyUntilMs !== null ? (
        <>
          On duty until <TimeText atMs={onDutyUntilMs} form="minute" />
        </>
      ) : nextDutyAtMs !== null ? (
        <span className="ew-muted">
          Next <TimeText atMs={nextDutyAtMs} form="minute" />
        </span>
      ) : (
        <span className="ew-muted">No duty planned</span>
      ),
  },
  {
    key: 'holding',
    header: 'Holds now',
    align: 'right',
    width: '90px',
    render: ({ holding, limit }) => <span className={holding > limit ? classes.due : undefined}>{holding}</span>,
  },
  { key: 'limit', header: 'Limit', align: 'right', width: '60px', render: ({ limit }) => limit },
];

/** The roster, in its own order: there is no other. */
export function PeopleTable({ people }: { people: readonly PersonFacts[] }) {
  return (
    <DataTable
      caption="People, in roster order"
      columns={COLUMNS}
      rows={people}
      rowKey={({ person }) => person.id}
      empty="Nobody is on the roster yet. Import one under Sources."
    />
  );
}
