import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { QueueItem } from '../../../../shared/model/queue.ts';
import { nextTier, TIERS, type Tier, tierSchema } from '../../../../shared/model/vocabulary.ts';
import { goTo } from '../../../frame/route.ts';
import { useToasts } from '../../../state/toasts.ts';
import { useMe } from '../../../state/workspace.ts';
import { countOf, TIER_WORDS } from '../../../ui/words.ts';
import { newRuleHash } from '../../rules/rule-words.ts';
import { useQueueState } from '../queue-state.ts';
import { rowElementId } from '../row-element-id.ts';
import type { QueueActions } from '../use-queue-actions.ts';
import { ActionsMenu, type MenuEntry } from './actions-menu.tsx';
import { AnchoredForm } from './anchored-form.tsx';
import { CloseForm } from './close-form.tsx';
import { HoldForm } from './hold-form.tsx';
import { MuteForm } from './mute-form.tsx';
import { TextForm } from './text-form.tsx';

/** Id of the bar in the detail panel on which forms hang when they are opened there. */
export const DETAIL_BAR_ID = 'detail-actions';

const LABELS = {
  close: 'Close',
  escalate: 'Escalate',
  hold: 'Hold',
  note: 'Add a note',
  tag: 'Tag',
  reopen: 'Reopen',
  mute: 'Mute',
  menu: 'Actions',
} as const;

/** Whatever small form is open now, hanging on the focused row or on the detail's bar. */
export function ActionForms({
  actions,
  focused,
  total,
}: {
  actions: QueueActions;
  focused: QueueItem | null;
  total: number | null;
}) {
  const form = useQueueState((state) => state.form);
  const close = useQueueState((state) => state.closeForm);
  if (form === null || focused === null) return null;
  const targets = actions.targets();
  const what = targets === null ? `all ${countOf(total ?? 0, 'item')} that match` : describe(targets);
  const anchorId = form.at === 'panel' ? DETAIL_BAR_ID : rowElementId(focused.id);
  return (
    <AnchoredForm key={form.kind} anchorId={anchorId} label={LABELS[form.kind]} onClose={close}>
      <FormBody kind={form.kind} actions={actions} item={focused} what={what} onDone={close} />
    </AnchoredForm>
  );
}

/** "this alert", "this group of 12 alerts", "14 items". */
function describe(targets: readonly QueueItem[]): string {
  const only = targets.length === 1 ? targets[0] : undefined;
  if (only === undefined) return countOf(targets.length, 'item');
  return only.count > 1 ? `this group of ${countOf(only.count, 'alert')}` : 'this alert';
}

interface BodyProps {
  kind: keyof typeof LABELS;
  actions: QueueActions;
  item: QueueItem;
  what: string;
  onDone: () => void;
}

function FormBody({ kind, actions, item, what, onDone }: BodyProps) {
  const done = (work: Promise<boolean>) => {
    onDone();
    void work;
  };
  switch (kind) {
    case 'close':
      return <CloseForm what={what} onClose={(as, reason) => done(actions.close(as, reason))} />;
    case 'hold':
      return <HoldForm what={what} onHold={(untilMs) => done(actions.hold(untilMs))} />;
    case 'escalate':
      return <EscalateForm item={item} onSend={(question, tier) => done(actions.escalate(question, tier))} />;
    case 'mute':
      return <MuteForm item={item} onDone={onDone} />;
    case 'menu':
      return <ItemMenu actions={actions} item={item} onDone={onDone} />;
    case 'note':
      return (
        <TextForm
          title={`Note on ${what}`}
          label="Note"
          placeholder="What you saw, did, or want the next person to know"
          verb="Add the note"
          min={1}
          max={20_000}
          isLong
          onSend={(text) => done(actions.note(text))}
        />
      );
    case 'tag':
      return (
        <TextForm
          title={`Tag ${what}`}
          label="Tag"
          placeholder="maintenance-window"
          verb="Add the tag"
          min={1}
          max={64}
          onSend={(text) => done(actions.tag(text))}
        />
      );
    case 'reopen':
      return (
        <TextForm
          title={`Reopen ${what}`}
          label="Reason"
          placeholder="What is known now that was not then"
          verb="Reopen"
          min={3}
          max={4000}
          onSend={(text) => done(actions.reopen(text))}
        />
      );
  }
}

function EscalateForm({ item, onSend }: { item: QueueItem; onSend: (question: string, toTier: Tier | null) => void }) {
  const next = nextTier(item.tier) ?? 'lead';
  const [tier, setTier] = useState<Tier>(next);
  const higher = TIERS.slice(Math.min(TIERS.indexOf(item.tier) + 1, TIERS.length - 1));
  return (
    <TextForm
      title={`Escalate to ${TIER_WORDS[tier].toLowerCase()} with a question`}
      label="Question"
      placeholder="What do you need to know or have decided?"
      verb={`Ask ${TIER_WORDS[tier].toLowerCase()}`}
      min={5}
      max={4000}
      isLong
      onSend={(question) => onSend(question, tier)}
    >
      <NativeSelect
        label="To"
        value={tier}
        data={higher.map((value) => ({ value, label: TIER_WORDS[value] }))}
        onChange={(event) => setTier(tierSchema.parse(event.currentTarget.value))}
      />
    </TextForm>
  );
}

function ItemMenu({ actions, item, onDone }: { actions: QueueActions; item: QueueItem; onDone: () => void }) {
  const me = useMe();
  const openForm = useQueueState((state) => state.openForm);
  const at = useQueueState((state) => state.form?.at ?? 'row');
  const now = (work: () => Promise<boolean>) => () => {
    onDone();
    void work();
  };
  const isOpen = item.closedAtMs === null;
  const open: MenuEntry[] = [
    { label: 'Acknowledge', action: 'acknowledge', run: now(actions.acknowledge) },
    { label: 'Close as …', action: 'close', run: () => openForm('close', at) },
    { label: 'Escalate with a question', action: 'escalate', run: () => openForm('escalate', at) },
    { label: 'Hold until …', action: 'hold', run: () => openForm('hold', at) },
    { label: 'Not now', action: 'notNow', run: now(actions.notNow) },
    me !== null && item.assigneeId !== me.id
      ? { label: 'Take it', action: null, run: now(() => actions.assign(me.id)) }
      : { label: 'Release it to the pool', action: null, run: now(() => actions.assign(null)) },
  ];
  const closed: MenuEntry[] = [{ label: 'Reopen with a reason', action: null, run: () => openForm('reopen', at) }];
  const both: MenuEntry[] = [
    { label: 'Add a note', action: 'note', run: () => openForm('note', at) },
    { label: 'Tag', action: 'tag', run: () => openForm('tag', at) },
    { label: 'Make a rule from it', action: 'makeRule', run: () => goTo(newRuleHash(item.id)) },
    { label: 'Mute what is like it', action: null, run: () => openForm('mute', at) },
    { label: 'Copy its id', action: null, run: now(async () => copy(item.ref)) },
  ];
  return <ActionsMenu entries={[...(isOpen ? open : closed), ...both]} />;
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    useToasts.getState().show({ kind: 'note', text: `Copied ${text}.` });
    return true;
  } catch {
    useToasts.getState().show({ kind: 'note', text: `The clipboard was refused. The id is ${text}.` });
    return false;
  }
}
