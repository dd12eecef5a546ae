import { Button, Textarea } from '@mantine/core';
import { useRef, useState } from 'react';
import { makeStatement } from '../../client/statement.ts';
import { useEngine } from '../../state/engine.tsx';
import { useDecide } from '../../state/use-decide.ts';
import { focusOnMount } from '../../ui/focus-on-mount.ts';
import { useCaughtFocus } from '../../ui/use-caught-focus.ts';
import type { RuleDetail } from './rule-words.ts';
import classes from './rules.module.css';

/** Shadow, draft and stop: what needs no second person, with a reason that stays. */
export function LifeButtons({ detail }: { detail: RuleDetail }) {
  const engine = useEngine();
  const decide = useDecide();
  const [wanted, setWanted] = useState<'draft' | 'shadow' | 'suspended' | null>(null);
  const [reason, setReason] = useState('');
  const buttons = useRef<HTMLDivElement>(null);
  useCaughtFocus(buttons, wanted);
  const { line, version, versions } = detail;
  const shown = versions.find((each) => each.version === version);
  const status = shown?.status ?? line.status;
  const isActing = shown?.isInForce === true && (status === 'provisional' || status === 'certified');
  const send = async () => {
    if (wanted === null) return;
    const done = await decide.run(
      () =>
        engine.rules.setStatus({
          statement: makeStatement({ kind: 'rule.status', reason }),
          id: line.id,
          version,
          to: wanted,
          reason,
        }),
      { doing: 'Changing the rule', isUndoable: false },
    );
    if (done !== null) setWanted(null);
  };
  if (wanted !== null) {
    return (
      <form
        className={classes.reason}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setWanted(null);
        }}
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Textarea
          label={BUTTON_WORDS[wanted]}
          description="Why? It stays with the rule."
          autosize
          minRows={2}
          ref={focusOnMount}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <div className={classes.buttons}>
          <Button type="submit" variant="filled" disabled={reason.trim().length < 3}>
            {BUTTON_WORDS[wanted]}
          </Button>
          <Button onClick={() => setWanted(null)}>Leave it</Button>
        </div>
      </form>
    );
  }
  return (
    <div ref={buttons} tabIndex={-1} className={classes.buttons}>
      {isActing ? <Button onClick={() => setWanted('suspended')}>{BUTTON_WORDS.suspended}</Button> : null}
      {isActing || status === 'shadow' ? null : (
        <Button onClick={() => setWanted('shadow')}>{BUTTON_WORDS.shadow}</Button>
      )}
      {status === 'shadow' ? <Button onClick={() => setWanted('draft')}>{BUTTON_WORDS.draft}</Button> : null}
    </div>
  );
}

const BUTTON_WORDS = {
  suspended: 'Stop this rule',
  shadow: 'Let it say what it would do',
  draft: 'Take it back to a draft',
} as const;
