import { Button } from '@mantine/core';
import type { Note } from '../../../../shared/model/queue.ts';
import { ActionKey } from '../../../keys/use-keys.tsx';
import { usePeople } from '../../../state/workspace.ts';
import { LineText } from '../../../ui/line-text.tsx';
import { Section } from '../../../ui/section.tsx';
import { TimeText } from '../../../ui/time-text.tsx';
import { useQueueState } from '../queue-state.ts';
import classes from './detail.module.css';

/** What people wrote about it. */
export function Notes({ notes }: { notes: readonly Note[] }) {
  const people = usePeople();
  const openForm = useQueueState((state) => state.openForm);
  return (
    <Section title="Notes" note={notes.length === 0 ? 'none yet' : null}>
      <ul className={classes.notes}>
        {notes.map((note) => (
          <li key={note.id}>
            <p className="ew-muted ew-small">
              <bdi>{people.get(note.authorId)?.name ?? note.authorId}</bdi>, <TimeText atMs={note.atMs} form="both" />
            </p>
            <p>
              <LineText text={note.text} limit={20_000} />
            </p>
          </li>
        ))}
      </ul>
      <div>
        <Button onClick={() => openForm('note', 'panel')} rightSection={<ActionKey action="note" />}>
          Add a note
        </Button>
      </div>
    </Section>
  );
}
