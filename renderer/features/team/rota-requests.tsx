import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { makeStatement } from '../../client/statement.ts';
import { useEngine } from '../../state/engine.tsx';
import { useDecide } from '../../state/use-decide.ts';
import { LineText } from '../../ui/line-text.tsx';
import { Panel } from '../../ui/panel.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import type { Overview } from './overview-types.ts';
import classes from './rota-requests.module.css';

type Request = Overview['rotaRequests'][number];

/** Corrections of the rota that people ask for. The rota is changed where it is imported; here one says what became of it. */
export function RotaRequests({ requests }: { requests: readonly Request[] }) {
  if (requests.length === 0) return null;
  return (
    <Panel
      title="Corrections of the rota"
      note="Asked for by the people themselves. Nothing changes until the rota is imported anew under Sources."
    >
      <ul className={classes.list}>
        {requests.map((request) => (
          <RotaRequest key={request.id} request={request} />
        ))}
      </ul>
    </Panel>
  );
}

function RotaRequest({ request: { id, personName, duty, text, atMs } }: { request: Request }) {
  const engine = useEngine();
  const decide = useDecide();
  const [answer, setAnswer] = useState('');
  const words = answer.trim();
  const send = () =>
    decide.run(
      () => engine.team.answerRotaRequest({ statement: makeStatement({ kind: 'rota.answer' }), id, answer: words }),
      { doing: 'Answering it', isUndoable: false },
    );
  return (
    <li className={classes.request}>
      <p>
        <LineText text={personName} />: <LineText text={text} />
      </p>
      <p className="ew-muted ew-small">
        {duty === null ? (
          'A duty is missing'
        ) : (
          <>
            Duty from <TimeText atMs={duty.startsAtMs} /> to <TimeText atMs={duty.endsAtMs} />
          </>
        )}
        , asked <TimeText atMs={atMs} />
      </p>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (words !== '') void send();
        }}
      >
        <Textarea
          aria-label={`Answer to ${personName}`}
          placeholder="What became of it"
          autosize
          maxLength={1000}
          value={answer}
          onChange={(event) => setAnswer(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={words === ''}>
          Answer
        </Button>
      </form>
    </li>
  );
}
