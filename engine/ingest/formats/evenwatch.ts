import type { ReadWarning } from '../../../shared/model/alert.ts';
import type { JsonObject } from '../../../shared/model/json.ts';
import type { AlertFormat, FormatResult } from '../format.ts';
import { emptyAlert, finish, setSeverityWord, setTime } from './draft.ts';
import { at, LENGTH_LIMITS, textOf } from './values.ts';

const KIND = 'evenwatch.notice';

/** Something that this program has to say to the people of the queue. */
export interface Notice {
  id: string;
  observedAtMs: number;
  rule: 'source-silent';
  ruleName: string;
  title: string;
  description: string;
  /** What it is about, such as `source/Firewall`. */
  about: string;
}

/** The record of a notice, kept as its original like that of every other alert. */
export function noticeRecord(notice: Notice): JsonObject {
  return { kind: KIND, severity: 'medium', ...notice };
}

function read(record: JsonObject): FormatResult {
  const alert = emptyAlert('evenwatch');
  const warnings: ReadWarning[] = [];
  const problem = setTime(alert, warnings, [['observedAtMs', at(record, 'observedAtMs')]]);
  if (problem !== null) return { kind: 'reject', why: problem };
  const id = textOf(at(record, 'id'));
  if (id === null) return { kind: 'reject', why: 'a notice without an id' };
  alert.stableId = id;
  alert.title = textOf(at(record, 'title'), LENGTH_LIMITS.title) ?? '';
  alert.description = textOf(at(record, 'description'), LENGTH_LIMITS.description) ?? '';
  alert.ruleId = textOf(at(record, 'rule'), LENGTH_LIMITS.ruleId) ?? '';
  alert.ruleName = textOf(at(record, 'ruleName'), LENGTH_LIMITS.title) ?? '';
  alert.category = 'operation';
  const about = textOf(at(record, 'about'));
  if (about !== null) alert.hosts.push(about);
  setSeverityWord(alert, at(record, 'severity'));
  return finish(alert, warnings);
}

/** What Evenwatch itself puts into the queue, such as that a source has fallen silent. */
export const evenwatch: AlertFormat = {
  name: 'evenwatch',
  label: 'Evenwatch itself',
  recognises: (record) => (at(record, 'kind') === KIND ? 1 : 0),
  read,
};
