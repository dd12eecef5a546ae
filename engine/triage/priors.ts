import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { KnownExploitedFacts } from '../../shared/domain/enrichment/enricher.ts';

const breachPriorsSchema = z.object({ factors: z.record(z.string(), z.number().positive()) });
const knownExploitedSchema = z.object({
  cves: z.record(
    z.string(),
    z.object({ epss: z.number().min(0).max(1).nullable(), ransomware: z.boolean().nullable() }),
  ),
});
const techniqueNamesSchema = z.object({ techniques: z.record(z.string(), z.string()) });

/** What is known of techniques and vulnerabilities before anything happened here. */
export interface Priors {
  /** Technique id → factor against the median technique. */
  techniqueFactors: ReadonlyMap<string, number>;
  knownExploited: ReadonlyMap<string, KnownExploitedFacts>;
  /** Names of ATT&CK and ATLAS techniques by id. */
  techniqueNames: ReadonlyMap<string, string>;
}

/** Reads the tables below the resources folder `dir`. Throws with the file's name when one is missing or broken. */
export function loadPriors(dir: string): Priors {
  const names = ['attack-techniques.json', 'atlas-techniques.json'].flatMap((file) =>
    Object.entries(read(join(dir, file), techniqueNamesSchema).techniques),
  );
  return {
    techniqueFactors: new Map(
      Object.entries(read(join(dir, 'priors', 'breach-priors.json'), breachPriorsSchema).factors),
    ),
    knownExploited: new Map(
      Object.entries(read(join(dir, 'priors', 'known-exploited.json'), knownExploitedSchema).cves),
    ),
    techniqueNames: new Map(names),
  };
}

function read<T>(path: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new Error(`The table ${path} cannot be read.`, { cause });
  }
}

/** A sub-technique that the table does not have takes the factor of its technique. */
export function techniqueFactor(priors: Priors, id: string): number | null {
  return priors.techniqueFactors.get(id) ?? priors.techniqueFactors.get(id.replace(/(T\d+)\.\d+$/, '$1')) ?? null;
}
