import { jsonFaultPosition } from '../../../shared/domain/alert/json-fault.ts';
import type { DeadLetter, LettersLetGo } from '../../../shared/model/ingest.ts';
import { countOf } from '../../ui/words.ts';

export const REASON_WORDS: Readonly<Record<DeadLetter['reason'], string>> = {
  invalid_json: 'Broken JSON',
  truncated: 'Cut off',
  too_long: 'Too long',
  too_deep: 'Nested too deep',
  invalid_utf8: 'Broken characters',
  not_an_object: 'No record',
  unknown_format: 'Unknown product',
  invalid_record: 'Something is missing',
  unreadable: 'Unreadable',
};

/** Characters on each side of the place of a fault that are shown. */
const AROUND = 160;

export interface FaultPlace {
  before: string;
  at: string;
  after: string;
  /** True when the three parts are the whole text. */
  isAll: boolean;
}

/**
 * The text around the place of a fault, in three parts; null when there is no one place. For broken JSON the place is
 * found in the text itself, since a column says little about a record of many lines.
 */
export function aroundFault({
  text,
  reason,
  column,
}: Pick<DeadLetter, 'text' | 'reason' | 'column'>): FaultPlace | null {
  const isJson = reason === 'invalid_json' || reason === 'truncated';
  const place = isJson ? jsonFaultPosition(text) : column === null || text.includes('\n') ? null : column - 1;
  if (place === null || place < 0 || place > text.length) return null;
  const from = Math.max(0, place - AROUND);
  const to = Math.min(text.length, place + 1 + AROUND);
  return {
    isAll: from === 0 && to === text.length,
    before: `${from > 0 ? '…' : ''}${text.slice(from, place)}`,
    // At the end of the text something is missing, so a blank stands for what should be there.
    at: text.slice(place, place + 1) || '\u2423',
    after: `${text.slice(place + 1, to)}${to < text.length ? '…' : ''}`,
  };
}

/** "1,204 letters were let go, the oldest first, because those of one source or file may take at most 268 MB". Null when none was. */
export function letGoWords(letGo: readonly LettersLetGo[]): string | null {
  const [first] = letGo.toSorted((a, b) => b.atMs - a.atMs);
  if (first === undefined) return null;
  const letters = letGo.reduce((sum, one) => sum + one.letters, 0);
  return `${countOf(letters, 'record')} that could not be read ${letters === 1 ? 'was' : 'were'} let go, the oldest first, because ${first.why}`;
}
