import type { Statement } from '../../shared/model/decision.ts';
import type { IngestReport } from '../../shared/model/ingest.ts';
import type { RawRecord } from '../ingest/records/raw-record.ts';
import type { Clock } from '../ports.ts';
import type { Store } from '../store/store.ts';
import type { Writer } from '../writer.ts';

/** A clock that stands where it was put: the sample's fortnight passes in seconds. */
export class SettableClock implements Clock {
  #nowMs: number;

  constructor(nowMs: number) {
    this.#nowMs = nowMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  /** Time never goes back, so that the ledger stays in order. */
  moveTo(ms: number): void {
    this.#nowMs = Math.max(this.#nowMs, Math.floor(ms));
  }
}

/** What the sample is made with: the engine of every workspace, under a clock of its own. */
export interface SampleEngine {
  clock: SettableClock;
  store: Store;
  writer: Pick<Writer, 'run' | 'tick' | 'reloadTriage'>;
  /** Takes records in as if they had just come from this origin. */
  ingest(records: RawRecord[], origin: string): Promise<IngestReport>;
}

/** A statement as a client would make it. */
export function statementOf(
  kind: Statement['kind'],
  parts: {
    commandId: string;
    claimedAtMs: number;
    items?: readonly { id: number; version: number }[];
    reason?: string;
  },
): Statement {
  const items = parts.items ?? null;
  return {
    commandId: parts.commandId,
    kind,
    subjects: items === null ? null : items.map((item) => item.id),
    subjectsDigest: null,
    basedOn: items === null ? [] : items.map((item) => item.version),
    reason: parts.reason ?? null,
    claimedAtMs: parts.claimedAtMs,
  };
}
