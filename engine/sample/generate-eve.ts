import { open } from 'node:fs/promises';
import { type SeededRandom, seededRandom } from './random.ts';
import { suricataTime } from './timestamps.ts';

export interface EveFileOptions {
  records: number;
  seed: string | number;
  /** The newest record lies just before this time (UTC epoch milliseconds). */
  endsAtMs: number;
  /** When each record happened, in their order, in place of an even spread over `days`. */
  timesMs?: Float64Array;
  /** How many signatures occur; a few of them make most of the noise. */
  rules?: number;
  /** How many internal addresses occur. */
  entities?: number;
  /** Over how many days the records spread. */
  days?: number;
}

const DAY_MS = 86_400_000;
const CHUNK_CHARACTERS = 4 << 20;

const FAMILIES = [
  ['ET SCAN', 'Attempted Information Leak', 2],
  ['ET INFO', 'Potentially Bad Traffic', 3],
  ['ET POLICY', 'Potential Corporate Privacy Violation', 3],
  ['ET MALWARE', 'A Network Trojan was detected', 1],
  ['ET WEB_SERVER', 'Web Application Attack', 1],
  ['ET DNS', 'Misc activity', 3],
  ['ET HUNTING', 'Potentially Bad Traffic', 2],
  ['ET EXPLOIT', 'Attempted Administrator Privilege Gain', 1],
] as const;
const SUBJECTS = ['Suspicious', 'Possible', 'Observed', 'Outbound', 'Inbound', 'Repeated', 'Unusual'];
const OBJECTS = ['User-Agent', 'TLS Certificate', 'DNS Query', 'File Transfer', 'Probe', 'Login Attempt', 'Beacon'];
const DETAILS = ['on High Port', 'to New Domain', 'from Server Network', 'with Empty Referer', 'in POST Body'];
const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
  'curl/8.11.0',
  'python-requests/2.32.3',
  'Microsoft-CryptoAPI/10.0',
];

/** The part of a record that its signature decides, written once, because a million records share it. */
function signatureTexts(random: SeededRandom, count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const [family, category, severity] = random.pick(FAMILIES);
    const signature = `${family} ${random.pick(SUBJECTS)} ${random.pick(OBJECTS)} ${random.pick(DETAILS)} ${index + 1}`;
    return JSON.stringify({
      action: random.chance(0.12) ? 'blocked' : 'allowed',
      gid: 1,
      signature_id: 2_010_000 + index,
      rev: random.int(1, 9),
      signature,
      category,
      severity,
      metadata: {
        created_at: ['2021_03_04'],
        deployment: ['Perimeter'],
        signature_severity: [severity === 1 ? 'Major' : severity === 2 ? 'Minor' : 'Informational'],
        updated_at: ['2024_10_18'],
      },
    });
  });
}

function addresses(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const network = Math.floor(index / 254);
    return `10.${40 + (network >> 8)}.${network & 255}.${(index % 254) + 1}`;
  });
}

/** Zipf-like: the first items come far more often than the last. */
function skewed(random: SeededRandom, count: number): number {
  return Math.min(count - 1, Math.floor(count * random.next() ** 3));
}

function makeLines(options: EveFileOptions): { line(index: number): string } {
  const random = seededRandom(`eve/${options.seed}`);
  const days = options.days ?? 14;
  const alerts = signatureTexts(random, options.rules ?? 200);
  const inside = addresses(options.entities ?? 2000);
  const startMs = options.endsAtMs - days * DAY_MS;
  const stepMs = (days * DAY_MS) / options.records;
  return {
    line(index) {
      // One step wide at the most, so that the records stay in the order of time as a sensor writes them.
      const ms = options.timesMs?.[index] ?? Math.floor(startMs + (index + random.next()) * stepMs);
      const time = suricataTime(ms, random.int(0, 999));
      const client = inside[skewed(random, inside.length)];
      const server = `203.0.113.${random.int(1, 254)}`;
      const path = random.hex(random.int(8, 24));
      const toServer = random.int(200, 90_000);
      return `{"timestamp":"${time}","flow_id":${random.int(1e14, 2e15)},"in_iface":"ens19","event_type":"alert","src_ip":"${client}","src_port":${random.int(1025, 65535)},"dest_ip":"${server}","dest_port":${random.chance(0.7) ? 80 : 8080},"proto":"TCP","tx_id":${random.int(0, 5)},"alert":${alerts[skewed(random, alerts.length)]},"http":{"hostname":"app${random.int(1, 400)}.example","url":"/${path}/index?id=${random.int(1, 99_999)}","http_user_agent":"${AGENTS[skewed(random, AGENTS.length)]}","http_method":"GET","protocol":"HTTP/1.1","status":200,"length":${random.int(0, 50_000)}},"app_proto":"http","direction":"to_server","flow":{"pkts_toserver":${random.int(2, 80)},"pkts_toclient":${random.int(0, 90)},"bytes_toserver":${toServer},"bytes_toclient":${random.int(0, 200_000)},"start":"${suricataTime(ms - random.int(1, 900), 0)}"}}`;
    },
  };
}

/** The same records one by one, for whoever needs no file. */
export function* generateEveLines(options: EveFileOptions): Generator<string> {
  const lines = makeLines(options);
  for (let index = 0; index < options.records; index += 1) yield lines.line(index);
}

/**
 * Writes an `eve.json` of alerts of about 900 bytes, as many as asked, in pieces, so that a file of gigabytes needs
 * no memory. The same options make the same bytes. Answers with the size in bytes.
 */
export async function generateEveFile(path: string, options: EveFileOptions): Promise<{ bytes: number }> {
  const file = await open(path, 'w');
  try {
    const lines = makeLines(options);
    let bytes = 0;
    let chunk: string[] = [];
    let characters = 0;
    for (let index = 0; index < options.records; index += 1) {
      const line = lines.line(index);
      chunk.push(line);
      characters += line.length + 1;
      if (characters < CHUNK_CHARACTERS && index + 1 < options.records) continue;
      const body = Buffer.from(`${chunk.join('\n')}\n`, 'utf8');
      await file.writeFile(body);
      bytes += body.length;
      chunk = [];
      characters = 0;
    }
    return { bytes };
  } finally {
    await file.close();
  }
}
