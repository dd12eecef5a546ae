import type { IngestReport } from '../../shared/model/ingest.ts';

export type FormatCounts = IngestReport['byFormat'][string];
type Outcome = Exclude<keyof FormatCounts, 'read'>;

export const UNRECOGNISED = 'unrecognised';

const none = (): FormatCounts => ({ read: 0, stored: 0, updated: 0, duplicates: 0, rejected: 0, skipped: 0 });

/** Counts of one run, or of one transaction: read = stored + updated + duplicates + rejected by construction. */
export class Tally {
  readonly byFormat = new Map<string, FormatCounts>();
  autoClosed = 0;
  queued = 0;

  count(format: string | null, outcome: Outcome): void {
    const name = format ?? UNRECOGNISED;
    let counts = this.byFormat.get(name);
    if (counts === undefined) {
      counts = none();
      this.byFormat.set(name, counts);
    }
    counts[outcome] += 1;
    if (outcome !== 'skipped') counts.read += 1;
  }

  add(other: Tally): void {
    for (const [format, theirs] of other.byFormat) {
      const ours = this.byFormat.get(format) ?? none();
      this.byFormat.set(format, sum([ours, theirs]));
    }
    this.autoClosed += other.autoClosed;
    this.queued += other.queued;
  }

  report(elapsedMs: number): IngestReport {
    return {
      ...sum([...this.byFormat.values()]),
      autoClosed: this.autoClosed,
      queued: this.queued,
      elapsedMs,
      byFormat: Object.fromEntries(this.byFormat),
      problems: [],
    };
  }
}

/** What several runs or slices came to together. */
export function sumReports(reports: readonly IngestReport[]): IngestReport {
  const total = new Tally();
  for (const { byFormat, autoClosed, queued } of reports) {
    for (const [format, counts] of Object.entries(byFormat)) {
      total.byFormat.set(format, sum([total.byFormat.get(format) ?? none(), counts]));
    }
    total.autoClosed += autoClosed;
    total.queued += queued;
  }
  const elapsedMs = reports.reduce((ms, report) => ms + report.elapsedMs, 0);
  return { ...total.report(elapsedMs), problems: reports.flatMap(({ problems }) => problems) };
}

function sum(all: readonly FormatCounts[]): FormatCounts {
  const total = none();
  for (const counts of all) {
    total.read += counts.read;
    total.stored += counts.stored;
    total.updated += counts.updated;
    total.duplicates += counts.duplicates;
    total.rejected += counts.rejected;
    total.skipped += counts.skipped;
  }
  return total;
}
