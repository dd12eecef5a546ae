import type { StorageStatus } from '../../../shared/model/storage.ts';
import { formatDuration } from '../../ui/duration.ts';
import { countOf, formatCount, SEVERITY_WORDS } from '../../ui/words.ts';

const HELD_WORDS: Readonly<Record<StorageStatus['held'][number]['by'], string>> = {
  open_item: 'open items',
  escalation: 'escalations',
  audit: 'closures that are read again',
  true_positive: 'items that were found true',
  unclear: 'alerts that could not be told apart',
};

/** Room on a disk in the unit that reads best: "812 kB", "53.2 MB", "1.4 GB". Thousands, as disks are sold. */
export function roomWords(bytes: number): string {
  if (bytes < 1_000_000) return `${formatCount(Math.round(bytes / 1000))} kB`;
  if (bytes < 1_000_000_000) return `${formatCount(bytes / 1_000_000)} MB`;
  return `${formatCount(bytes / 1_000_000_000)} GB`;
}

/** How long each severity is kept, the most severe first, and what goes for size. */
export function policyWords({ keepDays, maxBytes, sizeOrder, sizeKeepDays }: StorageStatus['policy']): string {
  const severities = ['critical', 'high', 'medium', 'low', 'informational', 'unknown'] as const;
  const kept = severities.map((severity) => {
    const days = keepDays[severity];
    return `${SEVERITY_WORDS[severity].toLowerCase()} ${days === null ? 'without an end' : `${formatCount(days)} days`}`;
  });
  const age = `Kept after the day of arrival: ${kept.join(', ')}.`;
  if (maxBytes === null) return `${age} No limit of size.`;
  const order = sizeOrder.map((severity) => SEVERITY_WORDS[severity].toLowerCase()).join(', then ');
  const goes = order === '' ? 'nothing goes for size' : `${order} go, the oldest first`;
  return `${age} Above ${roomWords(maxBytes)} in all, ${goes}, and nothing of the last ${countOf(sizeKeepDays, 'day')}.`;
}

/** What goes next, what stays although it is due, and what keeps it; a sentence each. */
export function storageSentences(status: StorageStatus, nowMs: number): string[] {
  const { due, held, overBytes, waitsUntilMs, file } = status;
  const goes = due.map(
    ({ severity, throughDay, cause, records, storedBytes }) =>
      `Goes next, ${cause === 'age' ? 'for its age' : 'for the size of the whole'}: ${SEVERITY_WORDS[severity].toLowerCase()} that arrived through ${throughDay}, ${countOf(records, 'original')}, ${roomWords(storedBytes)}. What is referred to stays.`,
  );
  const stays = held.map(({ by, blockBytes, originals, originalBytes }) => {
    const single = originals === 0 ? '' : `, ${countOf(originals, 'single original')} among it`;
    return `Due, and held by ${HELD_WORDS[by]}: ${roomWords(blockBytes + originalBytes)}${single}.`;
  });
  const free =
    file.freeBytes === null || file.freeBytes < 1_000_000
      ? ''
      : `, of which ${roomWords(file.freeBytes)} are free and go back to the disk`;
  const { letters } = status;
  const atMost = letters.maxBytes === null ? '' : ` of at most ${roomWords(letters.maxBytes)}`;
  const gone = letters.letGo === 0 ? '' : ` ${countOf(letters.letGo, 'older one')} went for it.`;
  const sentences = [
    `The database takes ${roomWords(file.bytes)}${free}.`,
    ...(due.length === 0 ? ['Nothing is due to be dropped.'] : goes),
    ...stays,
    ...(letters.letters + letters.letGo === 0
      ? []
      : [`What could not be read takes ${roomWords(letters.bytes)}${atMost}.${gone}`]),
  ];
  if (overBytes > 0) {
    sentences.push(`${roomWords(overBytes)} above the limit stay, because nothing more may go for size.`);
  }
  if (waitsUntilMs !== null && waitsUntilMs > nowMs) {
    sentences.push(
      `The clock of this machine leapt. What that made due is dropped in ${formatDuration(waitsUntilMs - nowMs)} at the earliest.`,
    );
  }
  return sentences;
}
