import type { FormatResult } from '../../../../engine/ingest/format.ts';
import type { NormalisedAlert } from '../../../../shared/model/alert.ts';
import { SEVERITIES } from '../../../../shared/model/vocabulary.ts';

const LATEST_MS = Date.UTC(2200, 0, 1);
const LIST_MAX = 200;
/** The longest field that there is, in characters: a command line. */
const TEXT_MAX = 32_000;

/** What is wrong with what a format made of a record; null when nothing is. Whatever came in, this must hold. */
export function faultOf(result: FormatResult): string | null {
  if (result.kind !== 'alert') return isSaid(result.why) ? null : `no reason: ${JSON.stringify(result.why)}`;
  const odd = result.warnings.find(({ field, message }) => !isSaid(message) || !field.isWellFormed());
  if (odd !== undefined) return `no warning: ${JSON.stringify(odd)}`;
  const { alert } = result;
  const score = alert.severityScore;
  if (alert.stableId === '') return 'no id';
  if (alert.title.trim() === '') return 'no title';
  if (alert.product.trim() === '') return 'no product';
  if (alert.ruleId === '' || alert.ruleName === '') return 'no rule';
  if (!Number.isInteger(alert.observedAtMs) || alert.observedAtMs <= 0 || alert.observedAtMs >= LATEST_MS)
    return 'no time';
  if (!Number.isInteger(alert.dedupeAtMs) || alert.dedupeAtMs < 0 || alert.dedupeAtMs >= LATEST_MS)
    return 'no dedupe time';
  if (!SEVERITIES.includes(alert.severity)) return `severity ${alert.severity}`;
  if (score !== null && !(score >= 0 && score <= 100)) return `score ${score}`;
  if ((score === null) !== (alert.severity === 'unknown')) return `score ${score} of ${alert.severity}`;
  for (const port of [alert.sourcePort, alert.destinationPort]) {
    if (port !== null && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) return `port ${port}`;
  }
  return textFault(alert);
}

/** A sentence that every store takes and that somebody can read. */
function isSaid(text: string): boolean {
  return text.length > 5 && text.length < 2_000 && text.isWellFormed() && !text.includes('\0');
}

/** Every store takes the text, and no field is longer than what people read. */
function textFault(alert: NormalisedAlert): string | null {
  const { md5, sha1, sha256 } = alert.hashes;
  const lists = { ...alert, md5, sha1, sha256 };
  for (const [name, value] of Object.entries({ ...lists, ...alert.process })) {
    if (Array.isArray(value) && value.length > LIST_MAX) return `${value.length} of ${name}`;
    for (const text of Array.isArray(value) ? value : [value]) {
      if (typeof text !== 'string') continue;
      if (text.length > TEXT_MAX) return `${name} of ${text.length} characters`;
      if (text.includes('\0') || !text.isWellFormed()) return `${name} that no store takes`;
      if (Array.isArray(value) && text.trim() === '') return `nothing among ${name}`;
    }
  }
  return null;
}
