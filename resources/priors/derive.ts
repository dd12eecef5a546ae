/**
 * Makes the tables of this folder again from their public sources, so that anybody can check them:
 *
 *   node resources/priors/derive.ts FOLDER
 *
 * FOLDER holds breach_prior_attack_technique.csv (incident counts of each ATT&CK technique from the VERIS Community
 * Database), known_exploited_vulnerabilities.json.gz or cisa_kev_*.json.gz (CISA), epss_for_kev_*.csv.gz
 * (EPSS scores of FIRST.org), attack_enterprise_*_techniques.csv (MITRE ATT&CK) and ATLAS-*.yaml.gz (MITRE ATLAS).
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { parse as parseYaml } from 'yaml';

/** Weight of the even spread over all techniques against the counts, in incidents. */
const ALPHA = 50;
const FACTOR_MIN = 0.5;
const FACTOR_MAX = 2;

type Row = Record<string, string>;

const folder = process.argv[2];
if (folder === undefined) {
  console.error('Name the folder with the source files: node resources/priors/derive.ts FOLDER');
  process.exit(2);
}

function readMatching(pattern: RegExp): { name: string; text: string } {
  const name = readdirSync(folder ?? '.').find((each) => pattern.test(each));
  if (name === undefined) throw new Error(`No file like ${pattern} is in ${folder}.`);
  const bytes = readFileSync(join(folder ?? '.', name));
  return { name, text: (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8') };
}

function rowsOf(text: string): Row[] {
  return parse(text, { columns: true, bom: true, skip_empty_lines: true }) as Row[];
}

function write(file: string, value: unknown): void {
  writeFileSync(fileURLToPath(new URL(file, import.meta.url)), `${JSON.stringify(value, null, 1)}\n`);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

/** pi = (n + alpha/K) / (N + alpha); factor = pi / median pi, held between 0.5 and 2. */
function deriveBreachPriors(): void {
  const counts = rowsOf(readMatching(/^breach_prior_attack_technique\.csv$/).text).map((row) => ({
    id: row.technique ?? '',
    n: Number(row.fractional_incidents),
  }));
  const total = counts.reduce((sum, { n }) => sum + n, 0);
  const shrunk = counts.map(({ id, n }) => ({ id, pi: (n + ALPHA / counts.length) / (total + ALPHA) }));
  const middle = median(shrunk.map(({ pi }) => pi));
  const factors = shrunk
    .map(({ id, pi }): [string, number] => {
      const factor = Math.min(FACTOR_MAX, Math.max(FACTOR_MIN, pi / middle));
      return [id, Number(factor.toFixed(3))];
    })
    .sort(([a], [b]) => (a < b ? -1 : 1));
  write('breach-priors.json', {
    title: 'How often an ATT&CK technique shows in publicly known incidents, against the median technique',
    licence: 'CC-BY-SA-4.0',
    attribution:
      'Derived from the VERIS Community Database (VCDB, state of 2019-03-05) and the VERIS to ATT&CK mapping, both by Verizon and contributors, CC BY-SA 4.0. Changed: incidents of each VERIS variety were spread over the techniques that it maps to, shrunk towards an even spread, divided by the median and held between 0.5 and 2.',
    source: 'https://github.com/vz-risk/VCDB, https://github.com/vz-risk/veris',
    method: 'pi = (n + 50/K) / (N + 50); factor = min(2, max(0.5, pi / median pi)); n are fractional incidents',
    techniques: counts.length,
    fractionalIncidents: Number(total.toFixed(1)),
    factors: Object.fromEntries(factors),
  });
}

interface Kev {
  catalogVersion: string;
  vulnerabilities: { cveID: string; knownRansomwareCampaignUse: string }[];
}

/** The EPSS file holds newer entries of the same catalogue; of those the use by ransomware is not known (null). */
function deriveKnownExploited(): void {
  const kev = JSON.parse(readMatching(/kev.*\.json\.gz$|known_exploited.*\.json\.gz$/).text) as Kev;
  const epssFile = readMatching(/^epss_for_kev_.*\.csv\.gz$/);
  const scores = new Map(rowsOf(epssFile.text).map((row) => [row.CVE ?? '', Number(row.EPSS)]));
  const ransomware = new Map(
    kev.vulnerabilities.map((each) => [each.cveID, each.knownRansomwareCampaignUse === 'Known']),
  );
  const ids = [...new Set([...ransomware.keys(), ...scores.keys()])].filter((id) => /^CVE-\d{4}-\d+$/.test(id)).sort();
  const cves = ids.map((id): [string, { epss: number | null; ransomware: boolean | null }] => {
    const score = scores.get(id);
    const epss = score !== undefined && Number.isFinite(score) ? score : null;
    return [id, { epss, ransomware: ransomware.get(id) ?? null }];
  });
  write('known-exploited.json', {
    title: 'Vulnerabilities known to be exploited, with the chance of exploitation within 30 days',
    licence: 'Catalogue: CC0-1.0. EPSS scores: free to use with attribution.',
    attribution:
      'CISA Catalog of Known Exploited Vulnerabilities. EPSS scores by FIRST.org (https://www.first.org/epss), collected in https://github.com/jgamblin/KEV_EPSS.',
    source: 'https://www.cisa.gov/known-exploited-vulnerabilities-catalog',
    catalogueVersion: kev.catalogVersion,
    scoresAsOf: /\d{4}-\d\d-\d\d/.exec(epssFile.name)?.[0] ?? null,
    cves: Object.fromEntries(cves),
  });
}

function deriveAttackNames(): void {
  const file = readMatching(/^attack_enterprise_.*_techniques\.csv$/);
  const rows = rowsOf(file.text).filter((row) => row.revoked === '0' && row.deprecated === '0');
  write('../attack-techniques.json', {
    title: 'Names of the ATT&CK enterprise techniques',
    version: /v(\d+(\.\d+)*)/.exec(file.name)?.[1] ?? null,
    notice:
      '© 2025 The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE Corporation. ATT&CK® is a registered trademark of The MITRE Corporation. Terms: https://attack.mitre.org/resources/legal-and-branding/terms-of-use/',
    techniques: Object.fromEntries(rows.map((row) => [row.id, row.name]).sort()),
  });
}

interface Atlas {
  version: string;
  matrices: { techniques: { id: string; name: string }[] }[];
}

function deriveAtlasNames(): void {
  const atlas = parseYaml(readMatching(/^ATLAS-.*\.yaml\.gz$/).text, { maxAliasCount: -1 }) as Atlas;
  const techniques = atlas.matrices.flatMap((matrix) => matrix.techniques.map(({ id, name }) => [id, name]));
  write('../atlas-techniques.json', {
    title: 'Names of the ATLAS techniques (attacks on systems that use AI)',
    version: atlas.version,
    notice: 'MITRE ATLAS, Apache-2.0, https://github.com/mitre-atlas/atlas-data',
    techniques: Object.fromEntries(techniques.sort()),
  });
}

deriveBreachPriors();
deriveKnownExploited();
deriveAttackNames();
deriveAtlasNames();
