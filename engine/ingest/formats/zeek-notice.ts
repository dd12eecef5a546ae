import { TACTIC_SLUGS, tacticSlug } from '../../../shared/domain/alert/tactics.ts';
import { takenBut } from '../../../shared/domain/alert/taken-texts.ts';
import type { NormalisedAlert, ReadWarning } from '../../../shared/model/alert.ts';
import type { Json, JsonObject } from '../../../shared/model/json.ts';
import { type Severity, severityOfRank, severityRank } from '../../../shared/model/vocabulary.ts';
import type { AlertFormat, FormatResult } from '../format.ts';
import { addCves } from './attack.ts';
import { digest } from './digest.ts';
import { emptyAlert, finish, setSeverityWord, setTime } from './draft.ts';
import { addHash, addOnce, at, child, domainOf, ipOf, LENGTH_LIMITS, portOf, textOf, textsOf } from './values.ts';

/** Zeek rates nothing. The longest name that the note starts with decides; a note that is not here stays unknown. */
const NOTES: ReadonlyMap<string, Severity> = new Map<string, Severity>([
  ['ATTACK::', 'high'],
  ['CaptureLoss::', 'informational'],
  ['Conn::', 'low'],
  ['DNS::External_Name', 'low'],
  ['Exploit::', 'high'],
  ['FTP::Bruteforcing', 'medium'],
  ['FTP::Site_Exec_Success', 'high'],
  ['HTTP::SQL_Injection_Attacker', 'high'],
  ['HTTP::SQL_Injection_Victim', 'high'],
  ['Heartbleed::', 'high'],
  ['Intel::Notice', 'high'],
  ['PacketFilter::', 'informational'],
  ['ProtocolDetector::', 'low'],
  ['SMTP::', 'low'],
  ['SSH::Interesting_Hostname_Login', 'medium'],
  ['SSH::Login_By_Password_Guesser', 'high'],
  ['SSH::Password_Guessing', 'medium'],
  ['SSH::Watched_Country_Login', 'medium'],
  ['SSL::', 'low'],
  ['SSL::Certificate_Expires_Soon', 'informational'],
  ['Scan::', 'low'],
  ['Scan::Address_Scan', 'medium'],
  ['Signatures::', 'medium'],
  ['Software::', 'informational'],
  ['Software::Vulnerable_Version', 'medium'],
  ['TeamCymruMalwareHashRegistry::Match', 'high'],
  ['Traceroute::', 'low'],
  ['Weird::', 'low'],
]);

function severityOfNote(note: string): Severity {
  let best = '';
  for (const name of NOTES.keys()) if (note.startsWith(name) && name.length > best.length) best = name;
  return NOTES.get(best) ?? 'unknown';
}

/** A notice for which someone set an alarm or a mail counts one step more. */
function setSeverity(alert: NormalisedAlert, note: string, actions: string[]): void {
  const severity = severityOfNote(note);
  const isRaised = actions.some((action) => /ACTION_(?:ALARM|EMAIL|PAGE)/.test(action));
  const isHighest = severity === 'unknown' || severity === 'critical';
  setSeverityWord(alert, isRaised && !isHighest ? severityOfRank(severityRank(severity) + 1) : severity);
}

/** A member with a dot in its name (`id.orig_h`), or below an object where a shipper has split the names. */
function member(record: JsonObject, path: string): Json | undefined {
  const flat = at(record, path);
  if (flat !== undefined) return flat;
  const [parent = '', name = ''] = path.split('.');
  return at(child(record, parent), name);
}

/** The connection says which side opened it; a notice about no connection has `src`, `dst` and the port `p`. */
function setEnds(alert: NormalisedAlert, record: JsonObject): void {
  const source = ipOf(at(record, 'src'));
  const destination = ipOf(at(record, 'dst'));
  alert.sourceIp = source ?? ipOf(member(record, 'id.orig_h'));
  alert.destinationIp = destination ?? ipOf(member(record, 'id.resp_h'));
  if (alert.sourceIp === ipOf(member(record, 'id.orig_h'))) alert.sourcePort = portOf(member(record, 'id.orig_p'));
  alert.destinationPort = portOf(at(record, 'p')) ?? portOf(member(record, 'id.resp_p'));
}

function setTexts(alert: NormalisedAlert, record: JsonObject, note: string): void {
  const message = textOf(at(record, 'msg'), LENGTH_LIMITS.description);
  const sub = textOf(at(record, 'sub'), LENGTH_LIMITS.description);
  alert.title = textOf(message === null ? note : `${note}: ${message}`, LENGTH_LIMITS.title) ?? '';
  alert.description =
    textOf([message, sub].filter((part) => part !== null).join('\n'), LENGTH_LIMITS.description) ?? '';
  alert.ruleId = note;
  alert.ruleName = note;
  alert.category = note.split('::', 1)[0] ?? null;
  const tactic = alert.category === 'ATTACK' ? tacticSlug(note.slice(8)) : null;
  if (tactic !== null && Object.values(TACTIC_SLUGS).includes(tactic)) alert.tactics.push(tactic);
  addCves(alert.cves, alert.description);
}

function read(record: JsonObject): FormatResult {
  const path = textOf(at(record, '_path'));
  if (path !== null && !path.startsWith('notice'))
    return { kind: 'skip', why: `a Zeek ${path} record, which is no notice` };
  const note = textOf(at(record, 'note'), LENGTH_LIMITS.ruleId);
  if (note === null) return { kind: 'reject', why: 'it has no note, which says what a notice of Zeek is about' };
  const alert = emptyAlert('zeek');
  const warnings: ReadWarning[] = [];
  const problem = setTime(alert, warnings, [['ts', at(record, 'ts')]]);
  if (problem !== null) return { kind: 'reject', why: problem };
  const parts = ['uid', 'note', 'msg', 'src', 'dst', 'p'].map((key) =>
    textOf(at(record, key), LENGTH_LIMITS.description),
  );
  // The moment and not its text: the table writes an epoch where the JSON log writes ISO 8601.
  alert.stableId = digest(`zeek|${alert.observedAtMs}|${JSON.stringify(parts)}`);
  alert.dedupeAtMs = alert.observedAtMs;
  setTexts(alert, record, note);
  const actions = textsOf(at(record, 'actions'));
  setSeverity(alert, note, actions);
  setEnds(alert, record);
  addOnce(alert.domains, domainOf(at(record, 'host')));
  const description = textOf(at(record, 'file_desc'), LENGTH_LIMITS.url);
  if (description?.includes('://')) addOnce(alert.urls, description);
  for (const part of [at(record, 'sub'), at(record, 'fuid')]) addHash(alert.hashes, part);
  if (actions.some((action) => action.endsWith('ACTION_DROP'))) alert.sourceAction = 'blocked';
  return finish(alert, warnings);
}

/** Zeek's notice log, as JSON lines or as its table with `#fields`. Other logs of Zeek are passed over. */
export const zeekNotice: AlertFormat = {
  name: 'zeek-notice',
  label: 'Zeek notice',
  recognisedBy: 'content',
  recognises(record) {
    if (!Object.hasOwn(record, 'ts')) return 0;
    const note = at(record, 'note');
    if (typeof note === 'string' && note.includes('::')) return 1;
    return Object.hasOwn(record, '_path') ? 1 : 0;
  },
  read,
  taken: { fields: takenBut() },
};
