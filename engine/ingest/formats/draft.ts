import { parseTimestamp, timestampProblem } from '../../../shared/domain/time/timestamp.ts';
import type { NormalisedAlert, ReadWarning } from '../../../shared/model/alert.ts';
import type { Json } from '../../../shared/model/json.ts';
import { SEVERITIES, SEVERITY_WORD_SCORE, type Severity, severityOfScore } from '../../../shared/model/vocabulary.ts';
import type { FormatResult } from '../format.ts';
import { LENGTH_LIMITS, numberOf } from './values.ts';

/** An alert that says nothing yet. One shape for all formats, because the engine reads it a hundred thousand times. */
export function emptyAlert(product: string): NormalisedAlert {
  return {
    product,
    stableId: '',
    observedAtMs: 0,
    dedupeAtMs: 0,
    title: '',
    description: '',
    severity: 'unknown',
    severityScore: null,
    ruleId: '',
    ruleName: '',
    category: null,
    tactics: [],
    techniques: [],
    hosts: [],
    users: [],
    sourceIp: null,
    sourcePort: null,
    destinationIp: null,
    destinationPort: null,
    hashes: { md5: [], sha1: [], sha256: [] },
    urls: [],
    domains: [],
    cves: [],
    process: { executable: null, commandLine: null, parentExecutable: null },
    sourceAction: null,
    closedAtSource: false,
    sourceVerdict: null,
    tags: [],
  };
}

/** The words that products use beside our five. */
const SEVERITY_WORDS: ReadonlyMap<string, Severity> = new Map<string, Severity>([
  ...SEVERITIES.map((word): [string, Severity] => [word, word]),
  ['info', 'informational'],
  ['information', 'informational'],
  ['minor', 'low'],
  ['moderate', 'medium'],
  ['major', 'high'],
  ['fatal', 'critical'],
  ['severe', 'critical'],
]);

/** Sets word and score from a word; false when the word says nothing. */
export function setSeverityWord(alert: NormalisedAlert, word: Json | undefined): boolean {
  if (typeof word !== 'string') return false;
  const severity = SEVERITY_WORDS.get(word.trim().toLowerCase());
  if (severity === undefined || severity === 'unknown') return false;
  alert.severity = severity;
  alert.severityScore = SEVERITY_WORD_SCORE[severity];
  return true;
}

/** Sets score and word from a number of 0 to 100; what is outside is drawn to the nearest end. */
export function setSeverityScore(alert: NormalisedAlert, value: Json | undefined): boolean {
  const score = numberOf(value);
  if (score === null) return false;
  alert.severityScore = Math.min(100, Math.max(0, score));
  alert.severity = severityOfScore(alert.severityScore);
  return true;
}

/**
 * Sets the time of the alert from the first field that holds one. Epoch 0 is a sentinel for "never" and holds none.
 * Gives null when it is set, else the end of the sentence "it has no usable time: …". `nearMs` settles a missing year.
 */
export function setTime(
  alert: NormalisedAlert,
  warnings: ReadWarning[],
  candidates: readonly (readonly [field: string, value: Json | undefined])[],
  nearMs: number | null = null,
): string | null {
  let problem: string | null = null;
  for (const [field, value] of candidates) {
    if (typeof value !== 'string' && typeof value !== 'number') continue;
    const found = parseTimestamp(value, nearMs);
    if (found !== null && found.atMs > 0) {
      if (found.note !== null) warnings.push({ field, message: found.note });
      if (problem !== null) warnings.push({ field, message: `${problem}; ${field} was used` });
      alert.observedAtMs = found.atMs;
      return null;
    }
    problem ??= `${field} ${found === null ? timestampProblem(value) : 'is 1970-01-01, which means "never"'}`;
  }
  return problem ?? `it has no ${candidates.map(([field]) => field).join(' or ')}`;
}

/** Fills what follows from the rest and sees that nothing is called an alert without id, time and title. */
export function finish(alert: NormalisedAlert, warnings: ReadWarning[]): FormatResult {
  if (alert.title === '') return { kind: 'reject', why: 'it has no title: nothing says what was found' };
  if (alert.stableId === '') return { kind: 'reject', why: 'it has no id that would tell it from others' };
  if (alert.observedAtMs <= 0) return { kind: 'reject', why: 'it has no time' };
  if (alert.ruleName === '') alert.ruleName = alert.title;
  if (alert.ruleId === '') alert.ruleId = alert.ruleName.slice(0, LENGTH_LIMITS.ruleId).toWellFormed();
  return { kind: 'alert', alert, warnings };
}
