import { Button, Textarea } from '@mantine/core';
import { useRef, useState } from 'react';
import type { Escalation } from '../../../shared/model/queue.ts';
import { makeStatement } from '../../client/statement.ts';
import { useEngine } from '../../state/engine.tsx';
import { useDecide } from '../../state/use-decide.ts';
import { useCaughtFocus } from '../../ui/use-caught-focus.ts';
import classes from './escalations.module.css';

const SHORTEST = 3;

/** Accept, answer, or give back with a reason. The words are written at the item, not in a dialogue over it. */
export function EscalationActions({ escalation }: { escalation: Escalation }) {
  const engine = useEngine();
  const decide = useDecide();
  const [writing, setWriting] = useState<'answer' | 'return' | null>(null);
  const [text, setText] = useState('');
  const answer = useRef<HTMLButtonElement>(null);
  useCaughtFocus(answer, `${escalation.status} ${writing ?? ''}`);
  const { id, groupId } = escalation;
  const options = { ids: [groupId], isUndoable: false };

  const accept = () =>
    decide.run(() => engine.escalations.accept({ statement: makeStatement({ kind: 'escalation.accept' }), id }), {
      ...options,
      doing: 'Accepting it',
    });

  async function send(): Promise<void> {
    const words = text.trim();
    const done =
      writing === 'answer'
        ? await decide.run(
            () =>
              engine.escalations.answer({
                statement: makeStatement({ kind: 'escalation.answer', reason: words }),
                id,
                answer: words,
              }),
            { ...options, doing: 'Answering it' },
          )
        : await decide.run(
            () =>
              engine.escalations.return({
                statement: makeStatement({ kind: 'escalation.return', reason: words }),
                id,
                reason: words,
              }),
            { ...options, doing: 'Returning it' },
          );
    if (done === null) return;
    setWriting(null);
    setText('');
  }

  if (writing === null) {
    return (
      <div className={classes.actions}>
        {escalation.status === 'open' ? <Button onClick={() => void accept()}>Accept</Button> : null}
        <Button
          ref={answer}
          variant={escalation.status === 'open' ? 'default' : 'filled'}
          onClick={() => setWriting('answer')}
        >
          Answer
        </Button>
        <Button variant="default" onClick={() => setWriting('return')}>
          Return with a reason
        </Button>
      </div>
    );
  }
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setWriting(null);
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && text.trim().length >= SHORTEST) void send();
      }}
    >
      <Textarea
        label={writing === 'answer' ? 'Answer' : 'Why it goes back'}
        description={
          writing === 'answer' ? 'The one who asked sees it with the item.' : 'What is missing, or who should have it.'
        }
        autosize
        minRows={2}
        maxRows={8}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        autoFocus
      />
      <div className={classes.actions}>
        <Button type="submit" disabled={text.trim().length < SHORTEST}>
          {writing === 'answer' ? 'Send answer' : 'Return it'}
        </Button>
        <Button variant="default" onClick={() => setWriting(null)}>
          Back
        </Button>
      </div>
    </form>
  );
}
