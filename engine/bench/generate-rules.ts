import type { Json } from '../../shared/model/json.ts';
import type { SeededRandom } from '../sample/random.ts';
import { type Plain, plainNetwork } from './plain-alert.ts';

/** One rule twice: in the language of rules, and as somebody would write it by hand for alerts folded beforehand. */
export interface GeneratedRule {
  detection: Json;
  matches: Plain;
}

const SUBJECTS = ['Suspicious', 'Possible', 'Observed', 'Outbound', 'Inbound', 'Repeated', 'Unusual'];
const OBJECTS = ['User-Agent', 'TLS Certificate', 'DNS Query', 'File Transfer', 'Probe', 'Login Attempt', 'Beacon'];
const THREATS = ['Cobalt', 'Emotet', 'Mirai', 'Sliver', 'QakBot', 'njRAT', 'RedLine', 'Lumma', 'AsyncRAT', 'Havoc'];
const PROGRAMS = [
  'powershell',
  'rundll32',
  'certutil',
  'mshta',
  'wscript',
  'psexec',
  'curl',
  'ssh',
  'bitsadmin',
  'wmic',
];
const OPTIONS = [
  '-enc',
  '-nop',
  '/c ',
  '-decode',
  'http://',
  '\\temp\\',
  '/etc/passwd',
  '-urlcache',
  '| sh',
  'javascript:',
];
const CATEGORIES = ['Attempted Information Leak', 'Web Application Attack', 'Misc activity', 'Potentially Bad Traffic'];

/** What can be ruled about: far more than what occurs, as in a catalogue of source rules and an inventory of hosts. */
const signatureId = (random: SeededRandom): string =>
  random.chance(0.5) ? `1:${2_010_000 + random.int(0, 20_000)}` : String(random.int(500, 100_000));
const host = (random: SeededRandom): string => `app${random.int(1, 20_000)}.example`;
const address = (random: SeededRandom): string =>
  `10.${random.int(40, 80)}.${random.int(0, 255)}.${random.int(1, 254)}`;
const network = (random: SeededRandom): string => `10.${random.int(40, 60)}.${random.int(0, 255)}.0/24`;
const phrase = (random: SeededRandom): string =>
  random.chance(0.2)
    ? `${random.pick(SUBJECTS)} ${random.pick(OBJECTS)}`
    : `${random.pick(THREATS)} ${random.pick(OBJECTS)} ${random.int(1, 500)}`;

const low = (text: string): string => text.toLowerCase();

type Make = (random: SeededRandom) => GeneratedRule;

const bySourceRule: Make = (random) => {
  const id = signatureId(random);
  const not = host(random);
  return {
    detection: { source: { 'rule.id': id }, ours: { 'url.domain': not }, condition: 'source and not ours' },
    matches: (alert) => alert.ruleId === id && !alert.domains.includes(not),
  };
};

const bySourceRuleAndNetwork: Make = (random) => {
  const id = signatureId(random);
  const cidr = network(random);
  const isInside = plainNetwork(cidr);
  return {
    detection: { seen: { 'rule.id': id, 'source.ip|cidr': cidr }, condition: 'seen' },
    matches: (alert) => alert.ruleId === id && isInside(alert.sourceAddress),
  };
};

const byPhrase: Make = (random) => {
  const phrases = Array.from({ length: random.int(1, 3) }, () => phrase(random));
  const folded = phrases.map(low);
  const cidr = network(random);
  const isInside = plainNetwork(cidr);
  return {
    detection: {
      named: { 'rule.name|contains': phrases, 'source.ip|cidr': cidr },
      critical: { 'event.category': 'A Network Trojan was detected' },
      condition: 'named and not critical',
    },
    matches: (alert) =>
      isInside(alert.sourceAddress) &&
      folded.some((each) => alert.ruleName.includes(each)) &&
      alert.category !== 'a network trojan was detected',
  };
};

const byName: Make = (random) => {
  const name = `ET ${random.pick(['SCAN', 'INFO', 'POLICY'])} ${phrase(random)} on High Port ${random.int(1, 200)}`;
  const folded = low(name);
  return {
    detection: { named: { 'rule.name': name }, condition: 'named' },
    matches: (alert) => alert.ruleName === folded,
  };
};

const byStart: Make = (random) => {
  const start = `ET ${random.pick(['SCAN', 'INFO', 'POLICY', 'MALWARE'])} ${random.pick(THREATS)} ${random.int(1, 99)}`;
  const folded = low(start);
  return {
    detection: {
      named: { 'rule.name|startswith': start },
      loud: { 'event.severity|gte': 70 },
      condition: 'named and not loud',
    },
    matches: (alert) => alert.ruleName.startsWith(folded) && alert.severity !== null && alert.severity < 70,
  };
};

const byHost: Make = (random) => {
  const hosts = Array.from({ length: random.int(1, 4) }, () => host(random));
  const category = random.pick(CATEGORIES);
  const folded = low(category);
  return {
    detection: { known: { 'url.domain': hosts, 'event.category': category }, condition: 'known' },
    matches: (alert) => alert.category === folded && alert.domains.some((each) => hosts.includes(each)),
  };
};

const byAddresses: Make = (random) => {
  const addresses = Array.from({ length: random.int(10, 60) }, () => address(random));
  const known = new Set(addresses);
  const object = random.pick(OBJECTS);
  const folded = low(object);
  return {
    detection: { scanners: { 'source.ip': addresses, 'rule.name|contains': object }, condition: 'scanners' },
    matches: (alert) => known.has(alert.sourceIp) && alert.ruleName.includes(folded),
  };
};

const byCommandLine: Make = (random) => {
  const [program, option] = [random.pick(PROGRAMS), random.pick(OPTIONS)];
  const word = `${random.pick(THREATS)}${random.int(1, 300)}`;
  const folded = low(word);
  return {
    detection: {
      started: { 'process.executable|endswith': [`\\${program}.exe`, `/${program}`] },
      asked: { 'process.command_line|contains|all': [option, word] },
      condition: 'started and asked',
    },
    matches: ({ executable, commandLine }) =>
      (executable.endsWith(`\\${program}.exe`) || executable.endsWith(`/${program}`)) &&
      commandLine.includes(option) &&
      commandLine.includes(folded),
  };
};

const byUrl: Make = (random) => {
  const part = `/${random.pick(['wp-admin', 'cgi-bin', 'index', 'owa', '.git'])}/${random.hex(4)}`;
  const agent = random.pick(['sqlmap', 'nikto', 'curl/7', 'python-requests/2.1', 'gobuster', 'masscan']);
  return {
    detection: {
      path: { 'url.full|contains': part },
      tool: { 'raw.http.http_user_agent|contains': agent },
      condition: 'path and tool',
    },
    matches: (alert) => alert.urls.some((url) => url.includes(part)) && alert.userAgent.includes(agent),
  };
};

const byExpression: Make = (random) => {
  const [threat, number] = [random.pick(THREATS), random.int(1, 99)];
  const expression = `(?i)${threat}[ _-]?(v|ver)\\.?${number}\\b`;
  const native = new RegExp(expression.slice(4), 'i');
  return {
    detection: { like: { 'rule.name|re': expression }, condition: 'like' },
    matches: (alert) => native.test(alert.ruleName),
  };
};

const KINDS: readonly (readonly [Make, number])[] = [
  [bySourceRule, 25],
  [bySourceRuleAndNetwork, 15],
  [byPhrase, 15],
  [byName, 8],
  [byStart, 8],
  [byHost, 10],
  [byAddresses, 4],
  [byCommandLine, 8],
  [byUrl, 4],
  [byExpression, 3],
];

/** Rules of the kinds that teams write, each about one thing, most of which does not occur in a given hour. */
export function generateRules(random: SeededRandom, count: number): GeneratedRule[] {
  return Array.from({ length: count }, () => random.weighted(KINDS)(random));
}
