import { z } from 'zod';
import { criticalitySchema } from './vocabulary.ts';

/** What is known of a machine. `key` is a lower-case host name, an address, or a network in CIDR form. */
export const assetSchema = z.object({
  key: z.string().min(1).max(255),
  kind: z.enum(['host', 'ip', 'cidr']),
  criticality: criticalitySchema.nullable(),
  internetFacing: z.boolean().nullable(),
  owner: z.string().nullable(),
  note: z.string().nullable(),
});
export type Asset = z.infer<typeof assetSchema>;

/** What is known of an account. `key` is a lower-case account name without its domain, or a full principal name. */
export const identitySchema = z.object({
  key: z.string().min(1).max(255),
  tier0: z.boolean().nullable(),
  criticality: criticalitySchema.nullable(),
  owner: z.string().nullable(),
  note: z.string().nullable(),
});
export type Identity = z.infer<typeof identitySchema>;

/**
 * Enrichment of one alert from the lists. Null means that nothing is known, which is not the same as false:
 * a closing rule that asks for it does not close.
 */
export interface Enrichment {
  hostCriticality: import('./vocabulary.ts').Criticality | null;
  /** True when the alert names several machines and one of them is not on the lists: `hostCriticality` is then only the highest known. */
  hasUnknownHost?: boolean;
  hostInternetFacing: boolean | null;
  hostOwner: string | null;
  userTier0: boolean | null;
  userCriticality: import('./vocabulary.ts').Criticality | null;
  /** True or false when the alert names a CVE; null when it names none. */
  knownExploited: boolean | null;
}
