import type { DecisionSubject } from '../handlers.ts';
import { updateRows } from './bulk.ts';
import { CountDeltas } from './counts.ts';
import {
  changedState,
  DECIDED_COLUMNS,
  type DecidableRow,
  type DecidedColumn,
  type DecidedState,
} from './group-state.ts';
import { JudgementDeltas } from './judgements.ts';
import type { Write } from './store.ts';

/** So many changed groups are held before they are written. */
const SLICE = 2_000;

/**
 * Writes what decisions make of groups, many at a time, with everything that follows from it: version, kept counts,
 * flow, and what people said of rules. Hands out the subjects for the ledger.
 */
export class GroupChanges {
  readonly #tx: Write;
  readonly #nowMs: number;
  readonly #counts = new CountDeltas();
  readonly #judgements = new JudgementDeltas();
  readonly #subjects: DecisionSubject[] = [];
  #pending: (DecidedState & { id: number; version: number })[] = [];
  readonly #columns = new Set<DecidedColumn>();

  constructor(tx: Write, nowMs: number) {
    this.#tx = tx;
    this.#nowMs = nowMs;
  }

  get subjects(): readonly DecisionSubject[] {
    return this.#subjects;
  }

  /** A group whose state stays, such as one that gets a note. */
  keep(row: DecidableRow): void {
    this.#subjects.push({ groupId: row.id, before: {}, after: {}, versionAfter: row.version });
  }

  async change(row: DecidableRow, after: DecidedState): Promise<void> {
    const changed = changedState(row, after);
    const columns = Object.keys(changed.after) as DecidedColumn[];
    if (columns.length === 0) return this.keep(row);
    const version = row.version + 1;
    this.#subjects.push({ groupId: row.id, ...changed, versionAfter: version });
    for (const column of columns) this.#columns.add(column);
    const moved = { ...row, ...after, version };
    this.#counts.move(row, moved, this.#nowMs);
    this.#judgements.move(row, moved);
    this.#pending.push(moved);
    if (this.#pending.length >= SLICE) await this.#write();
  }

  /** Must be called once, after the last change. */
  async finish(): Promise<void> {
    await this.#write();
    await this.#counts.apply(this.#tx);
    await this.#judgements.apply(this.#tx);
  }

  async #write(): Promise<void> {
    // Only what changed: every column that an index holds costs time, and most decisions touch few.
    const set = DECIDED_COLUMNS.filter((column) => this.#columns.has(column));
    await updateRows(this.#tx, 'alert_group', ['id'], [...set, 'version'], this.#pending);
    this.#pending = [];
    this.#columns.clear();
  }
}
