import type { Entity, NormalisedAlert } from '../../model/alert.ts';
import { thingsInWords } from './entity-words.ts';

export interface StoryFacts {
  /** The product as people write it: "Suricata". */
  productName: string;
  /** The newest alert of the group. */
  alert: Pick<
    NormalisedAlert,
    | 'ruleName'
    | 'title'
    | 'hosts'
    | 'users'
    | 'sourceIp'
    | 'sourcePort'
    | 'destinationIp'
    | 'destinationPort'
    | 'process'
    | 'sourceAction'
    | 'domains'
    | 'cves'
  >;
  count: number;
  firstObservedAtMs: number;
  lastObservedAtMs: number;
}

const COMMAND_SHOWN = 300;

/** What happened, who, where and when, in sentences. Everything quoted comes from the alert and is text, never markup. */
export function storyOf(facts: StoryFacts): string {
  return [whatAndWhen(facts), traffic(facts), place(facts), ran(facts), named(facts)]
    .filter((sentence) => sentence !== null)
    .join(' ');
}

/** The same for many things at once: one alert of them would tell the story of one thing. */
export interface ManyFacts extends Omit<StoryFacts, 'alert'> {
  title: string;
  kind: Entity['kind'];
  entityCount: number;
  /** The things with what they came to, the most severe and most frequent first. */
  top: readonly { value: string; count: number }[];
}

const MINUTE_MS = 60_000;
const TOP_TOLD = 3;

export function storyOfMany(facts: ManyFacts): string {
  const { productName, title, kind, count, entityCount, firstObservedAtMs, lastObservedAtMs, top } = facts;
  const minutes = Math.max(1, (lastObservedAtMs - firstObservedAtMs) / MINUTE_MS);
  const rate = Math.round(count / minutes).toLocaleString('en-US');
  const [first, last] = [utc(firstObservedAtMs), utc(lastObservedAtMs)];
  const when = first === last ? `within the minute of ${first} UTC` : `from ${first} to ${last} UTC`;
  const each = minutes > 1 && rate !== '0' ? `, ${rate} a minute` : '';
  const told = top
    .slice(0, TOP_TOLD)
    .map((one) => `${one.value === '' ? 'nothing named' : one.value} (${one.count.toLocaleString('en-US')})`);
  const things = thingsInWords(kind, entityCount);
  const n = count.toLocaleString('en-US');
  return `${productName} reported “${title}” ${n} times on ${things}, ${when}${each}. First among them: ${told.join(', ')}.`;
}

function whatAndWhen({ productName, alert, count, firstObservedAtMs, lastObservedAtMs }: StoryFacts): string {
  const what = `${productName} reported “${alert.title || alert.ruleName}”`;
  const first = utc(firstObservedAtMs);
  if (count === 1) return `${what} once, on ${first} UTC.`;
  const last = utc(lastObservedAtMs);
  return first === last
    ? `${what} ${count} times within the minute of ${first} UTC.`
    : `${what} ${count} times, from ${first} to ${last} UTC.`;
}

function traffic({ alert }: StoryFacts): string | null {
  const { sourceIp, destinationIp } = alert;
  const ended =
    alert.sourceAction === 'blocked'
      ? '; the product blocked it'
      : alert.sourceAction === 'allowed'
        ? '; it was let through'
        : '';
  if (sourceIp !== null && destinationIp !== null) {
    return `Traffic went from ${endpoint(sourceIp, alert.sourcePort)} to ${endpoint(destinationIp, alert.destinationPort)}${ended}.`;
  }
  if (sourceIp !== null) return `It came from ${endpoint(sourceIp, alert.sourcePort)}${ended}.`;
  if (destinationIp !== null) return `It went to ${endpoint(destinationIp, alert.destinationPort)}${ended}.`;
  return null;
}

function place({ alert }: StoryFacts): string | null {
  const hosts = listed(alert.hosts);
  const users = listed(alert.users);
  if (hosts !== null && users !== null) return `It concerns ${hosts} and the account ${users}.`;
  if (hosts !== null) return `It concerns ${hosts}.`;
  return users === null ? null : `It concerns the account ${users}.`;
}

function ran({ alert }: StoryFacts): string | null {
  const { commandLine, executable, parentExecutable } = alert.process;
  const what = commandLine ?? executable;
  if (what === null) return null;
  const shown = what.length > COMMAND_SHOWN ? `${what.slice(0, COMMAND_SHOWN)}…` : what;
  return `What ran: ${shown}${parentExecutable === null ? '' : `, started by ${parentExecutable}`}.`;
}

function named({ alert }: StoryFacts): string | null {
  const names = listed([...alert.domains, ...alert.cves]);
  return names === null ? null : `It names ${names}.`;
}

function endpoint(address: string, port: number | null): string {
  if (port === null) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function listed(names: readonly string[]): string | null {
  if (names.length === 0) return null;
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
}

function utc(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 16).replace('T', ' ');
}
