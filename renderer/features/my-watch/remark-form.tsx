import { Button, NativeSelect, Textarea } from '@mantine/core';
import { useRef, useState } from 'react';
import { type RemarkKind, type RemarkSubject, remarkKindSchema } from '../../../shared/model/strain.ts';
import { makeStatement } from '../../client/statement.ts';
import { useEngine } from '../../state/engine.tsx';
import { useDecide } from '../../state/use-decide.ts';
import { focusOnMount } from '../../ui/focus-on-mount.ts';
import { useCaughtFocus } from '../../ui/use-caught-focus.ts';
import classes from './remarks.module.css';

const LONGEST = 1000;
const KINDS: { value: RemarkKind; label: string }[] = [
  { value: 'dispute', label: 'Dispute: this is wrong because …' },
  { value: 'correction', label: 'Correction: a fact behind it is wrong' },
  { value: 'comment', label: 'Comment: something to know beside it' },
];

/** One's own words beside a band or condition. Folded until asked for, since most days there is nothing to say. */
export function RemarkForm({ about, title, whoReads }: { about: RemarkSubject; title: string; whoReads: string }) {
  const engine = useEngine();
  const decide = useDecide();
  const [isOpen, setOpen] = useState(false);
  const [kind, setKind] = useState<RemarkKind>('dispute');
  const [text, setText] = useState('');
  const open = useRef<HTMLButtonElement>(null);
  useCaughtFocus(open, isOpen);
  const words = text.trim();

  async function send(): Promise<void> {
    if (words === '') return;
    const statement = makeStatement({ kind: 'remark.add' });
    const done = await decide.run(() => engine.myWatch.remark({ statement, about, kind, text: words }), {
      doing: 'Writing it down',
      isUndoable: false,
    });
    if (done === null) return;
    setText('');
    setOpen(false);
  }

  if (!isOpen) {
    return (
      <Button ref={open} variant="default" size="compact-sm" onClick={() => setOpen(true)}>
        Say something about {title}
      </Button>
    );
  }
  return (
    <form
      className={classes.form}
      aria-label={`Something about ${title}`}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setOpen(false);
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send();
      }}
    >
      <NativeSelect
        label="What it is"
        data={KINDS}
        value={kind}
        onChange={(event) => setKind(remarkKindSchema.parse(event.currentTarget.value))}
      />
      <Textarea
        ref={focusOnMount}
        label="In my words"
        description={whoReads}
        autosize
        minRows={2}
        maxLength={LONGEST}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className={classes.buttons}>
        <Button type="submit" disabled={words === ''}>
          Write it down
        </Button>
        <Button variant="default" onClick={() => setOpen(false)}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
