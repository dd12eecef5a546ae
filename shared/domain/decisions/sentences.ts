import type { DecisionKind } from '../../model/decision.ts';
import type { Disposition } from '../../model/vocabulary.ts';

/** "benign true positive": a disposition as people say it. */
export function dispositionInWords(disposition: Disposition): string {
  return disposition.replaceAll('_', ' ');
}

/** "1 item", "14 items", "10,000 items". */
export function itemsInWords(n: number): string {
  return n === 1 ? '1 item' : `${n.toLocaleString('en-US')} items`;
}

const PARTICIPLES: Partial<Record<DecisionKind, string>> = {
  'group.acknowledge': 'acknowledged',
  'group.take': 'taken',
  'group.release': 'released',
  'group.dispose': 'closed',
  'group.escalate': 'escalated',
  'group.hold': 'put on hold',
  'group.resume': 'taken off hold',
  'group.not_now': 'put off',
  'group.tag': 'tagged',
  'group.reopen': 'opened again',
  'group.raise': 'made more severe',
  'group.join': 'joined with others',
  'group.split': 'split',
  'escalation.accept': 'taken on',
  'escalation.answer': 'answered',
  'escalation.return': 'returned',
  'decision.undo': 'changed back',
  'decision.redo': 'changed again',
};

/** "was closed by Ana Ruiz meanwhile": why somebody's decision no longer fits. */
export function changedMeanwhile(kind: DecisionKind, byName: string): string {
  return `was ${PARTICIPLES[kind] ?? 'changed'} by ${byName} meanwhile`;
}
