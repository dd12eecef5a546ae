import { Fragment } from 'react';
import { useHasRole } from '../../state/workspace.ts';
import { BandMark } from '../../ui/band-mark.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { LineText } from '../../ui/line-text.tsx';
import { Panel } from '../../ui/panel.tsx';
import { BandRemarks } from './band-remarks.tsx';
import { GATE_FIELDS, type Gate } from './gate-fields.ts';
import { CloseGate, GateForm } from './gate-form.tsx';
import type { Overview, PersonFacts } from './overview-types.ts';
import classes from './team.module.css';

type BandRow = NonNullable<Overview['bands']>[number];

/**
 * Strain conditions as a lead may see them: word, driver and what change of the work would help, in roster order. Before
 * the conditions of the law are on record there is nothing here but what must be recorded.
 */
export function BandsPanel({
  bands,
  whyNone,
  gate,
  people,
}: {
  bands: Overview['bands'];
  whyNone: Overview['whyNoBands'];
  gate: Overview['gate'];
  people: readonly PersonFacts[];
}) {
  const isAdmin = useHasRole('admin');
  const names = new Map(people.map(({ person }) => [person.id, person.name]));
  if (bands === null && whyNone === 'team_only') {
    return (
      <Panel title="Strain conditions" note="Shown to each person under My watch. Closed to leads.">
        <p>
          The country policy is team-only, as in Germany and France: leads see nothing about a single person, whatever
          is on record. Figures about people would have to cover at least five of them, and no such figure of the team
          is made here, so that there is nothing to show.
        </p>
        {gate === null ? null : <OnRecord gate={gate} />}
        {isAdmin && gate !== null ? <CloseGate /> : null}
      </Panel>
    );
  }
  if (bands === null) {
    return (
      <Panel title="Strain conditions" note="Shown to each person under My watch. Closed to leads.">
        <p>
          Leads see bands only after it is on record that people were told and consulted, with what purpose, and under
          which country's rules. {isAdmin ? 'You can record it here.' : 'An administrator can record it here.'}
        </p>
        {isAdmin ? <GateForm /> : null}
      </Panel>
    );
  }
  const columns: Column<BandRow>[] = [
    { key: 'name', header: 'Person', render: (row) => <LineText text={names.get(row.personId) ?? row.personId} /> },
    { key: 'band', header: 'Band', width: '140px', render: (row) => <BandMark band={row.band} /> },
    { key: 'driver', header: 'Driver', render: (row) => <Driver row={row} /> },
    { key: 'action', header: 'What would help', render: (row) => row.action ?? 'Nothing to change' },
  ];
  return (
    <Panel
      title="Strain conditions"
      note="In roster order. Not a medical or burnout measurement. Not for appraisal, pay or discipline. Each person sees who looked."
    >
      <DataTable
        caption="Strain conditions, in roster order"
        columns={columns}
        rows={bands}
        rowKey={(row) => row.personId}
        empty="Nobody has a band that they could see for 24 hours."
      />
      <p className="ew-muted ew-small">
        Who is missing here has a band that is younger than 24 hours, or none that is kept. Why is nobody’s to ask.
      </p>
      {gate === null ? null : <OnRecord gate={gate} />}
      {isAdmin ? <CloseGate /> : null}
    </Panel>
  );
}

function Driver({ row }: { row: BandRow }) {
  return (
    <>
      {row.driver}
      <BandRemarks remarks={row.remarks} />
    </>
  );
}

function OnRecord({ gate }: { gate: Gate }) {
  return (
    <dl className={classes.record}>
      {GATE_FIELDS.map(({ key, label }) => (
        <Fragment key={key}>
          <dt>{label}</dt>
          <dd>
            <LineText text={gate[key]} />
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}
