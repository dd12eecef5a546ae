import type { IngestReport } from '../../../shared/model/ingest.ts';
import { countOf, formatCount } from '../../ui/words.ts';

/** What is read, wherever a file of alerts is asked for. */
export const FORMATS_READ = 'Suricata EVE, Wazuh, Elastic, OCSF and others; plain or gzip. Recognised by content.';

/** What became of a file: every record is in exactly one of the numbers, and the parts of a number follow it. */
export function outcomeWords(name: string, report: IngestReport): string {
  const { read, stored, queued, autoClosed, updated, duplicates, rejected, skipped, problems } = report;
  const parts = [
    stored === 0
      ? null
      : `${formatCount(stored)} stored (${formatCount(queued)} to the queue, ${formatCount(autoClosed)} closed by rules or at source)`,
    updated === 0 ? null : `${formatCount(updated)} updated`,
    duplicates === 0 ? null : countOf(duplicates, 'duplicate'),
    rejected === 0 ? null : `${formatCount(rejected)} could not be read`,
  ].filter((part) => part !== null);
  const sentences = [
    read === 0 ? 'no alert in it.' : `${countOf(read, 'record')} read: ${parts.join(', ')}.`,
    skipped === 0
      ? null
      : `Skipped ${countOf(skipped, 'record')} that ${skipped === 1 ? 'is no alert' : 'are no alerts'}.`,
    ...problems.map((problem) => problem.message),
  ].filter((sentence) => sentence !== null);
  return `${name}: ${sentences.join(' ')}`;
}

/** Why a dropped file is not read as alerts; null when it is tried. */
export function whyNotAlerts(name: string, isFolder: boolean): string | null {
  if (isFolder) return `${name} is a folder. Drop the files in it.`;
  if (/\.csv$/i.test(name)) return `${name} is a list. Lists and rosters are read under Sources.`;
  return null;
}
