import { Button } from '@mantine/core';
import type { QueueItem } from '../../../../shared/model/queue.ts';
import { ActionKey } from '../../../keys/use-keys.tsx';
import { useMe, usePeople } from '../../../state/workspace.ts';
import { ClockChip } from '../../../ui/clock-chip.tsx';
import { LineText } from '../../../ui/line-text.tsx';
import { PriorityBadge } from '../../../ui/priority-badge.tsx';
import { SeverityMark } from '../../../ui/severity-mark.tsx';
import { TimeText } from '../../../ui/time-text.tsx';
import { countOf, DISPOSITION_WORDS, STATUS_WORDS, TIER_WORDS } from '../../../ui/words.ts';
import { DETAIL_BAR_ID } from '../actions/action-forms.tsx';
import { useQueueState } from '../queue-state.ts';
import type { QueueActions } from '../use-queue-actions.ts';
import classes from './detail.module.css';
import { News } from './news.tsx';

/** Title, severity, priority, clock, owner; then what can be done. */
export function DetailHead({
  item,
  actions,
  onClose,
}: {
  item: QueueItem;
  actions: QueueActions;
  onClose: () => void;
}) {
  return (
    <header className={classes.head}>
      <div className={classes.headTop}>
        <span className="ew-muted ew-small ew-mono">{item.ref}</span>
        <span className={classes.push} />
        <button
          type="button"
          className={classes.icon}
          aria-label="Close the detail"
          title="Close the detail"
          onClick={onClose}
        >
          <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden>
            <path d="M2 2l8 8M10 2 2 10" stroke="currentColor" strokeWidth="1.5" />
          </svg>
        </button>
      </div>
      <h2 className={classes.title}>
        <LineText text={item.title} limit={600} />
      </h2>
      <Facts item={item} />
      <News item={item} />
      <Bar item={item} actions={actions} />
    </header>
  );
}

function Facts({ item }: { item: QueueItem }) {
  const people = usePeople();
  const owner = item.assigneeId === null ? 'nobody yet' : (people.get(item.assigneeId)?.name ?? item.assigneeId);
  return (
    <ul className={classes.facts}>
      <li>
        <SeverityMark severity={item.severity} withWord />
      </li>
      <li>
        <PriorityBadge points={item.priorityPoints} level={item.priorityLevel} />
      </li>
      <li>
        {item.closedAtMs === null ? (
          <ClockChip dueAtMs={item.dueAtMs} severity={item.severity} />
        ) : (
          <ClosedAs item={item} />
        )}
      </li>
      <li>
        <span className="ew-muted">Owner</span> <bdi>{owner}</bdi>
      </li>
      <li>
        {STATUS_WORDS[item.status]}, {TIER_WORDS[item.tier].toLowerCase()}
      </li>
      {item.holdUntilMs === null ? null : (
        <li>
          on hold until <TimeText atMs={item.holdUntilMs} />
        </li>
      )}
      {item.tags.map((tag) => (
        <li key={tag} className={classes.tag}>
          <LineText text={tag} cut="end" />
        </li>
      ))}
    </ul>
  );
}

function ClosedAs({ item }: { item: QueueItem }) {
  const words = item.disposition === null ? 'closed' : DISPOSITION_WORDS[item.disposition].toLowerCase();
  const by = item.closedBy;
  const who =
    by === null ? '' : by.kind === 'rule' ? ` by rule ${by.name}, version ${by.ruleVersion ?? '?'}` : ` by ${by.name}`;
  return (
    <span>
      Closed as {words}
      <bdi>{who}</bdi>
    </span>
  );
}

function Bar({ item, actions }: { item: QueueItem; actions: QueueActions }) {
  const me = useMe();
  const openForm = useQueueState((state) => state.openForm);
  const isOpen = item.closedAtMs === null;
  return (
    <div className={classes.bar} id={DETAIL_BAR_ID} role="toolbar" aria-label={`Actions for ${item.ref}`}>
      {isOpen ? (
        <>
          <Button
            variant="filled"
            onClick={() => openForm('close', 'panel')}
            rightSection={<ActionKey action="close" />}
          >
            Close {item.count > 1 ? countOf(item.count, 'alert') : 'alert'}
          </Button>
          {item.status === 'new' || item.news !== null ? (
            <Button onClick={() => void actions.acknowledge()} rightSection={<ActionKey action="acknowledge" />}>
              Acknowledge
            </Button>
          ) : me !== null && item.assigneeId !== me.id ? (
            <Button onClick={() => void actions.assign(me.id)}>Take it</Button>
          ) : null}
          <Button onClick={() => openForm('escalate', 'panel')} rightSection={<ActionKey action="escalate" />}>
            Escalate
          </Button>
        </>
      ) : (
        <Button onClick={() => openForm('reopen', 'panel')}>Reopen with a reason</Button>
      )}
      <Button variant="subtle" onClick={() => openForm('menu', 'panel')} rightSection={<ActionKey action="actions" />}>
        More
      </Button>
    </div>
  );
}
