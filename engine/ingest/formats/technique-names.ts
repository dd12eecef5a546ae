import attack from '../../../resources/attack-techniques.json' with { type: 'json' };

/**
 * ATT&CK ids by name, for products that write names only. A name that several techniques share stands for the one that
 * is no sub-technique; where that does not tell either, for none.
 */
const IDS: ReadonlyMap<string, string | null> = idsByName(attack.techniques);

function idsByName(techniques: Readonly<Record<string, string>>): ReadonlyMap<string, string | null> {
  const ids = new Map<string, string | null>();
  for (const [id, name] of Object.entries(techniques)) {
    const key = name.toLowerCase();
    const before = ids.get(key);
    if (before === undefined) ids.set(key, id);
    else if (before?.includes('.') !== false && !id.includes('.')) ids.set(key, id);
    else if (before === null || before.includes('.')) ids.set(key, null);
  }
  return ids;
}

/** The id of a technique by its name in ATT&CK, regardless of case; null when there is none, or not one alone. */
export function techniqueIdOf(name: string): string | null {
  return IDS.get(name.trim().toLowerCase()) ?? null;
}
