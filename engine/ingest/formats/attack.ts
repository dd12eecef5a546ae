import { tacticSlug } from '../../../shared/domain/alert/tactics.ts';
import { addOnce } from './values.ts';

/**
 * `T1059.001`, also written `T1059_001` or `T1059/001`, also within `MITRE_T1059_001_POWERSHELL`, and `AML.T0051` of
 * ATLAS, whose numbers mean something else; ids that no version knows are kept.
 */
const TECHNIQUE = /(?<![0-9A-Za-z])(?:AML\.)?T\d{4}(?:[._/]\d{3})?(?![0-9A-Za-z])/gi;
const PLAIN_TECHNIQUE = /^(?:AML\.)?T\d{4}(?:\.\d{3})?$/;
const CVE = /CVE[-_](\d{4})[-_](\d{4,7})/gi;

export function addTechniques(into: string[], texts: readonly string[]): void {
  for (const text of texts) {
    if (PLAIN_TECHNIQUE.test(text)) addOnce(into, text);
    else for (const match of text.matchAll(TECHNIQUE)) addOnce(into, match[0].toUpperCase().replace(/[_/]/, '.'));
  }
}

export function addTactics(into: string[], texts: readonly string[]): void {
  for (const text of texts) addOnce(into, tacticSlug(text));
}

/** The CVE ids in a text. Most texts name none, so the letters are looked for first. */
export function addCves(into: string[], text: string | null): void {
  if (text === null || (!text.includes('CVE') && !text.includes('cve'))) return;
  for (const match of text.matchAll(CVE)) addOnce(into, `CVE-${match[1]}-${match[2]}`);
}
