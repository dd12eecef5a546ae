import type { DeadLetter } from '../../shared/model/ingest.ts';
import { recordsOf } from './delivery.ts';
import type { FormatCatalogue } from './formats/index.ts';
import { takesAnyLine } from './formats/syslog.ts';
import { type Candidate, type Classified, makeClassifier } from './pipeline-classify.ts';

/** What a letter comes to when it is read once more: all of its records, or why it stays. */
export type ReadLetter =
  | { kind: 'read'; letter: DeadLetter; items: Exclude<Classified, { kind: 'rejected' }>[] }
  /** `reason` is null where nothing was found out about the record. */
  | { kind: 'stays'; letter: DeadLetter; why: string; reason: DeadLetter['reason'] | null };

const NOT_WHOLE = 'It was not kept whole, or not byte for byte. Send it again from where it came, or mend its text.';

/**
 * Reads a letter as `format`, or with `auto` by content. `text` stands in for what was kept, as somebody mended it. A
 * letter is read whole or not at all: one that holds a good record beside a bad one stays. Times without a year are
 * those of when the letter came in. Throws EngineError for a format that is not known.
 */
export async function readLetter(
  formats: FormatCatalogue,
  letter: DeadLetter,
  format: string,
  text: string | null,
): Promise<ReadLetter> {
  const bytes = Buffer.from(text ?? letter.text);
  // What was no text, or too long, was replaced or cut when it was kept: its length tells.
  if (text === null && bytes.byteLength !== letter.bytes)
    return { kind: 'stays', letter, why: NOT_WHOLE, reason: null };
  const classify = makeClassifier(format, () => letter.atMs, formats);
  const delivered = { kind: 'text', bytes, head: null, firstLine: null } as const;
  const items: Exclude<Classified, { kind: 'rejected' }>[] = [];
  for (const batch of await recordsOf(delivered, takesAnyLine(format))) {
    for (const record of batch) {
      const item = classify(record);
      if (item.kind === 'rejected')
        return { kind: 'stays', letter, why: item.fault.message, reason: item.fault.reason };
      items.push(item);
    }
  }
  return items.length === 0
    ? { kind: 'stays', letter, why: 'There is no record in it.', reason: null }
    : { kind: 'read', letter, items };
}

/** The alerts among what a letter came to. */
export function alertsIn(items: readonly Classified[]): Candidate[] {
  return items.filter((item) => item.kind === 'alert');
}
