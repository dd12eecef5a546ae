/** MITRE ATT&CK enterprise tactics: id to the slug that the whole product uses. */
export const TACTIC_SLUGS: Readonly<Record<string, string>> = {
  TA0043: 'reconnaissance',
  TA0042: 'resource-development',
  TA0001: 'initial-access',
  TA0002: 'execution',
  TA0003: 'persistence',
  TA0004: 'privilege-escalation',
  TA0005: 'defense-evasion',
  TA0006: 'credential-access',
  TA0007: 'discovery',
  TA0008: 'lateral-movement',
  TA0009: 'collection',
  TA0011: 'command-and-control',
  TA0010: 'exfiltration',
  TA0040: 'impact',
};

const IDS_BY_SLUG: ReadonlyMap<string, string> = new Map(
  Object.entries(TACTIC_SLUGS).map(([id, slug]): [string, string] => [slug, id]),
);

const SLUGS_BY_LETTERS: ReadonlyMap<string, string> = new Map(
  Object.values(TACTIC_SLUGS).map((slug): [string, string] => [slug.replaceAll('-', ''), slug]),
);

export function tacticIdOf(slug: string): string | null {
  return IDS_BY_SLUG.get(slug) ?? null;
}

/**
 * `TA0005`, `Defense Evasion`, `DefenseEvasion`, `defense-evasion` and `DEFENSE_EVASION` are one tactic.
 * A tactic that ATT&CK does not know is kept as a slug of its words; null when nothing is left.
 */
export function tacticSlug(text: string): string | null {
  const trimmed = text.trim();
  const byId = TACTIC_SLUGS[trimmed.toUpperCase()];
  if (byId !== undefined) return byId;
  const letters = trimmed.toLowerCase().replace(/[^a-z0-9]/g, '');
  const known = SLUGS_BY_LETTERS.get(letters === 'defenceevasion' ? 'defenseevasion' : letters);
  if (known !== undefined) return known;
  const slug = trimmed
    .slice(0, 64)
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return slug === '' ? null : slug;
}
