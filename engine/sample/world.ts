import type { Fortnight } from './calendar.ts';
import type { Company } from './company.ts';
import type { SeededRandom } from './random.ts';

/** What every scene is drawn from. Each scene takes a stream of its own from `random`. */
export interface World {
  company: Company;
  fortnight: Fortnight;
  random: SeededRandom;
}

/** Addresses of the internet, from the ranges that are reserved for documentation (RFC 5737, RFC 3849). */
export function outsideAddress(random: SeededRandom): string {
  return `${random.pick(['198.51.100', '203.0.113', '192.0.2'])}.${random.int(2, 250)}`;
}

/** A few addresses that come again and again, as scanners of the internet do. */
export function outsideRegulars(random: SeededRandom, count: number): string[] {
  return Array.from({ length: count }, () => outsideAddress(random));
}
