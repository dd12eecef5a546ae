import type { NormalisedAlert } from '../../shared/model/alert.ts';
import type { SearchTextOf } from '../store/search/search.ts';
import type { FormatCatalogue } from './formats/index.ts';
import { readStoredAlert } from './stored-alert.ts';

/** Long enough for every command line that people write; what is longer was not written to be read. */
const PART_LENGTH_MAX = 8_000;

/** The text has no time in it, so any will do for an alert that was written without one. */
const ANY_TIME_MS = Date.UTC(2000, 0, 1);

/** Everything that people look for in an alert. */
function partsOf(alert: NormalisedAlert): (string | null)[] {
  const { hashes, process } = alert;
  return [
    alert.title,
    alert.ruleId,
    alert.ruleName,
    ...alert.hosts,
    ...alert.users,
    alert.sourceIp,
    alert.destinationIp,
    ...hashes.md5,
    ...hashes.sha1,
    ...hashes.sha256,
    ...alert.domains,
    ...alert.urls,
    ...alert.cves,
    ...alert.techniques,
    process.executable,
    process.commandLine,
    process.parentExecutable,
  ];
}

/** Gives the text of an original; null when it cannot be read any more. */
export function searchTextBy(formats: FormatCatalogue): SearchTextOf {
  return (formatName, original) => {
    const stored = readStoredAlert(formats, formatName, original, ANY_TIME_MS);
    if (stored === null) return null;
    const parts = partsOf(stored.alert).filter((part) => part !== null && part !== '');
    return parts.map((part) => part?.slice(0, PART_LENGTH_MAX)).join('\n');
  };
}
