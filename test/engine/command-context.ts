import type { ChangeKind, CommandContext, DecisionEntry } from '../../engine/handlers.ts';
import type { Write } from '../../engine/store/store.ts';
import type { DecisionKind, Statement } from '../../shared/model/decision.ts';
import type { Person } from '../../shared/model/people.ts';

export interface RecordingContext extends CommandContext {
  entries: DecisionEntry[];
  touched: ChangeKind[];
}

/** A command's view of the world inside an open transaction, with a ledger that only remembers. */
export function recordingContext(tx: Write, person: Person, nowMs: number): RecordingContext {
  const entries: DecisionEntry[] = [];
  const touched: ChangeKind[] = [];
  return {
    tx,
    nowMs,
    actor: { kind: 'person', id: person.id, name: person.name, roles: person.roles },
    touch: (kind) => touched.push(kind),
    record: async (entry) => entries.push(entry),
    entries,
    touched,
  };
}

let made = 0;

export function statement(kind: DecisionKind, reason: string | null = null): Statement {
  made += 1;
  return {
    commandId: `00000000-0000-4000-8000-${String(made).padStart(12, '0')}`,
    kind,
    subjects: null,
    subjectsDigest: null,
    basedOn: [],
    reason,
    claimedAtMs: 0,
  };
}
