import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { QueueItem } from '../../../../shared/model/queue.ts';
import { makeStatement } from '../../../client/statement.ts';
import { useEngine } from '../../../state/engine.tsx';
import { useDecide } from '../../../state/use-decide.ts';
import { TextForm } from './text-form.tsx';

const HOURS = [1, 4, 8, 12, 24] as const;

/** For somebody alone at night: what is like this makes no work for a while. The next shift looks at it. */
export function MuteForm({ item, onDone }: { item: QueueItem; onDone: () => void }) {
  const engine = useEngine();
  const decide = useDecide();
  const [hours, setHours] = useState<number>(8);
  const send = (reason: string) => {
    onDone();
    const statement = makeStatement({ kind: 'rule.mute', reason });
    const doing = 'Muting what is like it';
    void decide.run(() => engine.rules.mute({ statement, groupId: item.id, hours, reason }), {
      doing,
      isUndoable: false,
    });
  };
  return (
    <TextForm
      title="Mute what is like this alert"
      label="Why"
      placeholder="What it is, and why nobody needs to see it tonight"
      verb="Mute it"
      min={3}
      max={4000}
      onSend={send}
    >
      <NativeSelect
        label="For"
        description="Critical alerts, and high ones on what matters, still come. Everybody sees the mute."
        value={String(hours)}
        data={HOURS.map((value) => ({ value: String(value), label: value === 1 ? '1 hour' : `${value} hours` }))}
        onChange={(event) => setHours(Number(event.currentTarget.value))}
      />
    </TextForm>
  );
}
