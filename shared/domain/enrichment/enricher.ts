import ipaddr from 'ipaddr.js';
import type { NormalisedAlert } from '../../model/alert.ts';
import type { Asset, Enrichment, Identity } from '../../model/lists.ts';
import { CRITICALITIES, type Criticality } from '../../model/vocabulary.ts';
import type { CveFacts } from '../priority/priority.ts';

/** What is known of one CVE. `epss` is the chance of exploitation within 30 days, 0 to 1. */
export interface KnownExploitedFacts {
  epss: number | null;
  /** Null when it is listed and nothing is said of ransomware. */
  ransomware: boolean | null;
}

export interface EnricherLists {
  assets: readonly Asset[];
  identities: readonly Identity[];
  /** CVE id in upper case → facts, for CVEs known to be exploited. Null when there is no such list. */
  knownExploited: ReadonlyMap<string, KnownExploitedFacts> | null;
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Networks by prefix length, the longest first: one map look-up for each length instead of a walk over all networks. */
interface NetworkIndex {
  lengths: number[];
  byLength: Map<number, Map<string, Asset>>;
}

/** What most alerts of a sensor come to: two addresses that are on no list, and nothing else. */
const NOTHING_KNOWN: Enrichment = Object.freeze({
  hostCriticality: null,
  hasUnknownHost: false,
  hostInternetFacing: null,
  hostOwner: null,
  userTier0: null,
  userCriticality: null,
  knownExploited: null,
});

type Networks = { 4: NetworkIndex; 6: NetworkIndex };

/**
 * Answers what the lists know of an alert: hosts by name (with and without domain) and address (the longest
 * network wins), accounts with and without their domain. Several hosts or users: the most critical counts, and
 * "no" is only said when every one of them is known. Null means that it is not known.
 */
export function makeEnricher(lists: EnricherLists): (alert: NormalisedAlert) => Enrichment {
  const byKey = new Map<string, Asset>();
  for (const asset of lists.assets) {
    if (asset.kind !== 'cidr') byKey.set(asset.kind === 'ip' ? addressKey(asset.key) : asset.key.toLowerCase(), asset);
  }
  const networks = { 4: indexNetworks(lists.assets, 4), 6: indexNetworks(lists.assets, 6) };
  const addressOf = rememberAddresses((text) => lookUpAddress(text, byKey, networks));
  const identities = new Map(lists.identities.map((identity) => [identity.key.toLowerCase(), identity]));
  const isUnlisted = (address: string | null) => address === null || addressOf(address).asset === undefined;
  return (alert) => {
    const isBare = alert.hosts.length === 0 && alert.users.length === 0 && alert.cves.length === 0;
    if (isBare && isUnlisted(alert.sourceIp) && isUnlisted(alert.destinationIp)) return NOTHING_KNOWN;
    const machines = machinesOf(alert, byKey, addressOf);
    const users = alert.users.map((user) => firstKnown(userNames(user), identities) ?? null);
    const hostCriticality = highest(machines.map((asset) => asset?.criticality ?? null));
    return {
      hostCriticality,
      hasUnknownHost:
        hostCriticality !== null && machines.some((asset) => asset === null || asset.criticality === null),
      hostInternetFacing: anyTrue(machines.map((asset) => asset?.internetFacing ?? null)),
      hostOwner: machines.find((asset) => asset !== null && asset.owner !== null)?.owner ?? null,
      userTier0: anyTrue(users.map((user) => user?.tier0 ?? null)),
      userCriticality: highestIfAllKnown(users.map((user) => user?.criticality ?? null)),
      knownExploited: knownExploitedOf(alert, lists.knownExploited),
    };
  };
}

/** Facts of the CVEs that an alert names, for the priority formula. */
export function cveFactsOf(
  cves: readonly string[],
  knownExploited: ReadonlyMap<string, KnownExploitedFacts> | null,
): CveFacts[] {
  return cves.map((cve) => {
    const id = cve.toUpperCase();
    const facts = knownExploited?.get(id);
    return {
      id,
      epss: facts?.epss ?? null,
      isKnownExploited: knownExploited === null ? null : facts !== undefined,
      usedByRansomware: knownExploited === null ? null : facts === undefined ? false : facts.ransomware,
    };
  });
}

/**
 * The machines of the alert, null for one that is on no list. Both ends of a connection count: an alert against a
 * crown jewel is one, whichever end it is. An unlisted address is a machine of ours only when it is private, and
 * is taken for another name of the host when the alert names hosts.
 */
function machinesOf(
  alert: NormalisedAlert,
  byKey: ReadonlyMap<string, Asset>,
  addressOf: (text: string) => AddressFacts,
): (Asset | null)[] {
  const machines = new Set<Asset | null>();
  for (const host of alert.hosts) {
    machines.add(firstKnown(hostNames(host), byKey) ?? addressOf(host).asset ?? null);
  }
  for (const address of [alert.sourceIp, alert.destinationIp]) {
    if (address === null) continue;
    const { asset, isPrivate } = addressOf(address);
    if (asset !== undefined) machines.add(asset);
    else if (alert.hosts.length === 0 && isPrivate) machines.add(null);
  }
  return [...machines];
}

/** What the lists and the ranges of RFC 1918, RFC 4193 and RFC 6598 say of one address. */
interface AddressFacts {
  asset: Asset | undefined;
  isPrivate: boolean;
}

const ADDRESSES_REMEMBERED = 20_000;

/** A site's alerts name few addresses many times, and reading one costs more than all other look-ups together. */
function rememberAddresses(lookUp: (text: string) => AddressFacts): (text: string) => AddressFacts {
  const remembered = new Map<string, AddressFacts>();
  return (text) => {
    const known = remembered.get(text);
    if (known !== undefined) return known;
    const facts = lookUp(text);
    if (remembered.size >= ADDRESSES_REMEMBERED) remembered.clear();
    remembered.set(text, facts);
    return facts;
  };
}

function lookUpAddress(text: string, byKey: ReadonlyMap<string, Asset>, networks: Networks): AddressFacts {
  const address = parseAddress(text);
  if (address === null) return { asset: undefined, isPrivate: false };
  const range = address.range();
  return {
    asset: byKey.get(address.toString()) ?? longestNetwork(address, networks[address.kind() === 'ipv4' ? 4 : 6]),
    isPrivate: range === 'private' || range === 'uniqueLocal' || range === 'carrierGradeNat',
  };
}

function longestNetwork(address: Address, index: NetworkIndex): Asset | undefined {
  for (const length of index.lengths) {
    const asset = index.byLength.get(length)?.get(prefixKey(address, length));
    if (asset !== undefined) return asset;
  }
  return undefined;
}

function indexNetworks(assets: readonly Asset[], version: 4 | 6): NetworkIndex {
  const byLength = new Map<number, Map<string, Asset>>();
  for (const asset of assets) {
    if (asset.kind !== 'cidr' || !ipaddr.isValidCIDR(asset.key)) continue;
    const [network, length] = ipaddr.parseCIDR(asset.key);
    if ((network.kind() === 'ipv4') !== (version === 4)) continue;
    const sameLength = byLength.get(length) ?? new Map<string, Asset>();
    sameLength.set(prefixKey(network, length), asset);
    byLength.set(length, sameLength);
  }
  return { lengths: [...byLength.keys()].sort((a, b) => b - a), byLength };
}

/** The first `length` bits as text: equal for all addresses of one network. */
function prefixKey(address: Address, length: number): string {
  const bytes = address.toByteArray();
  const whole = length >> 3;
  const rest = length & 7;
  const kept = bytes.slice(0, whole);
  if (rest > 0) kept.push((bytes[whole] ?? 0) & (0xff << (8 - rest)) & 0xff);
  return kept.join('.');
}

/** IPv4 inside IPv6 (`::ffff:10.0.0.1`) is the IPv4 address. Null for text that is no address. */
function parseAddress(text: string): Address | null {
  const bare = text.trim().replace(/%.*$/, '');
  // isValid also takes "10.1" and "1234": those are host names here.
  if (!bare.includes(':') && !ipaddr.IPv4.isValidFourPartDecimal(bare)) return null;
  return ipaddr.isValid(bare) ? ipaddr.process(bare) : null;
}

function addressKey(text: string): string {
  return parseAddress(text)?.toString() ?? text.toLowerCase();
}

function hostNames(host: string): string[] {
  const full = host.trim().toLowerCase().replace(/\.$/, '');
  const short = full.split('.')[0] ?? full;
  return short === full || /^\d+$/.test(short) ? [full] : [full, short];
}

/** `CORP\ana`, `ana@corp.example` and `ana` are looked up as written first, then as the bare account. */
function userNames(user: string): string[] {
  const full = user.trim().toLowerCase();
  const afterDomain = full.slice(full.lastIndexOf('\\') + 1);
  const bare = afterDomain.split('@')[0] ?? afterDomain;
  return [...new Set([full, afterDomain, bare])].filter((name) => name !== '');
}

function firstKnown<T>(names: readonly string[], known: ReadonlyMap<string, T>): T | undefined {
  for (const name of names) {
    const value = known.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

function highest(values: readonly (Criticality | null)[]): Criticality | null {
  let top = -1;
  for (const value of values) if (value !== null) top = Math.max(top, CRITICALITIES.indexOf(value));
  return CRITICALITIES[top] ?? null;
}

/** With an unknown one among them only the top of the scale is certain. */
function highestIfAllKnown(values: readonly (Criticality | null)[]): Criticality | null {
  const top = highest(values);
  return values.includes(null) && top !== 'crown_jewel' ? null : top;
}

/** Kleene's "or": unknown unless one is true or all are false. */
function anyTrue(values: readonly (boolean | null)[]): boolean | null {
  if (values.includes(true)) return true;
  return values.length === 0 || values.includes(null) ? null : false;
}

function knownExploitedOf(
  alert: NormalisedAlert,
  list: ReadonlyMap<string, KnownExploitedFacts> | null,
): boolean | null {
  if (list === null || alert.cves.length === 0) return null;
  return alert.cves.some((cve) => list.has(cve.toUpperCase()));
}
