import { unescapeWindows } from '../../../shared/domain/alert/windows-event.ts';
import type { NormalisedAlert } from '../../../shared/model/alert.ts';
import type { JsonObject } from '../../../shared/model/json.ts';
import { addHash, addOnce, at, LENGTH_LIMITS, textOf } from './values.ts';

function plainText(event: JsonObject, key: string, limit: number = LENGTH_LIMITS.name): string | null {
  const text = textOf(at(event, key), limit);
  return text === null ? null : unescapeWindows(text);
}

/** `SHA1=…,MD5=…,SHA256=…,IMPHASH=…`: an import hash is no hash of the file, though it is as long as MD5. */
function addHashList(alert: NormalisedAlert, list: string | null): void {
  if (list === null) return;
  for (const pair of list.split(',')) {
    const [kind, value] = pair.split('=', 2);
    if (kind?.trim().toUpperCase() !== 'IMPHASH') addHash(alert.hashes, value?.trim());
  }
}

function addAccount(alert: NormalisedAlert, event: JsonObject, nameKey: string, domainKey: string): void {
  const name = plainText(event, nameKey);
  if (name === null) return;
  const domain = plainText(event, domainKey);
  addOnce(alert.users, domain === null || name.includes('\\') ? name : `${domain}\\${name}`);
}

/** Accounts, program and hashes of a Windows event (Security log and Sysmon). */
export function addWindowsEvent(alert: NormalisedAlert, event: JsonObject): void {
  addAccount(alert, event, 'targetUserName', 'targetDomainName');
  addAccount(alert, event, 'subjectUserName', 'subjectDomainName');
  addOnce(alert.users, plainText(event, 'user'));
  addOnce(alert.users, plainText(event, 'sourceUser'));
  const { process } = alert;
  process.executable =
    plainText(event, 'image', LENGTH_LIMITS.url) ??
    plainText(event, 'newProcessName', LENGTH_LIMITS.url) ??
    plainText(event, 'sourceImage', LENGTH_LIMITS.url) ??
    plainText(event, 'processName', LENGTH_LIMITS.url) ??
    process.executable;
  process.parentExecutable =
    plainText(event, 'parentImage', LENGTH_LIMITS.url) ?? plainText(event, 'parentProcessName', LENGTH_LIMITS.url);
  process.commandLine = plainText(event, 'commandLine', LENGTH_LIMITS.commandLine) ?? process.commandLine;
  addHashList(alert, textOf(at(event, 'hashes'), LENGTH_LIMITS.description));
  addHashList(alert, textOf(at(event, 'hash'), LENGTH_LIMITS.description));
}
