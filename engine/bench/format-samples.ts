import { open } from 'node:fs/promises';
import type { JsonObject } from '../../shared/model/json.ts';
import { manualRecord } from '../ingest/formats/manual.ts';
import * as alerts from './samples/alert-records.ts';
import * as clouds from './samples/cloud-records.ts';
import * as sensors from './samples/sensor-records.ts';

/** What is put in the place of a text of a sample: an id that occurs once, a thing out of fifty, a time a second later each. */
type Part = readonly [text: string, kind: 'id' | 'thing' | 'seconds' | 'milliseconds'];

interface FormatSample {
  record: JsonObject | string;
  parts: readonly Part[];
  /** Given where no record is recognised by itself. */
  format?: string;
}

const SYSLOG_LINE =
  '<34>1 2026-11-02T07:30:00.003Z mail-01 sshd 7700 ID47 [a@1 k="y"] Failed password for root from 203.0.113.9 port 40001 ssh2';

const MANUAL = manualRecord({
  id: '5f1f3a7e-0000-4000-8000-00000000beef',
  title: 'A mail that asks for a password',
  description: 'Somebody called and read it out.',
  severity: 'medium',
  observedAtMs: 1_793_610_001_250,
  host: 'ws-ana-01',
  user: 'ana',
  sourceIp: null,
  reportedBy: 'ana',
});

/** One record of our own for each format that a product sends in bulk, and where a stream of them differs. */
export const FORMAT_SAMPLES: Readonly<Record<string, FormatSample>> = {
  'suricata-eve': {
    record: {
      ...alerts.eveRecord(),
      flow_id: 1234500000,
      timestamp: '2026-11-02T08:00:00.000001+0000',
      src_ip: '10.20.4.31',
    },
    parts: [
      ['1234500000', 'id'],
      ['2026-11-02T08:00:00', 'seconds'],
      ['10.20.4.31', 'thing'],
    ],
  },
  wazuh: {
    record: alerts.wazuhDocument(),
    parts: [
      ['1793610001.4242', 'id'],
      ['2026-11-02T09:00:01', 'seconds'],
      ['WS-ANA-01', 'thing'],
    ],
  },
  elastic: {
    record: alerts.elasticAlert(),
    parts: [
      ['c0ffee00aa', 'id'],
      ['2026-11-02T10:01:22', 'seconds'],
      ['My-PC', 'thing'],
    ],
  },
  ocsf: {
    record: alerts.ocsfFinding(),
    parts: [
      ['finding-77', 'id'],
      ['1793610001250', 'milliseconds'],
      ['srv-dc-01', 'thing'],
    ],
  },
  guardduty: {
    record: clouds.guarddutyFinding(),
    parts: [
      ['8ac1f0d2b3e44c55a6b7c8d9e0f10203', 'id'],
      ['2026-11-02T05:05:00', 'seconds'],
      ['i-0aa11bb22cc33dd44', 'thing'],
    ],
  },
  'security-hub': {
    record: clouds.asffFinding(),
    parts: [
      ['210987654321:finding/7', 'id'],
      ['2026-11-02T04:00:00', 'seconds'],
      ['finance-exports', 'thing'],
    ],
  },
  'microsoft-graph': {
    record: clouds.graphAlert(),
    parts: [
      ['da637551227677560813_-961444813', 'id'],
      ['2026-11-02T05:58:26', 'seconds'],
      ['ws-omar-02', 'thing'],
    ],
  },
  'defender-endpoint': {
    record: clouds.endpointAlert(),
    parts: [
      ['da638_-4242', 'id'],
      ['2026-11-02T07:11:40', 'seconds'],
      ['srv-log-02', 'thing'],
    ],
  },
  'defender-xdr': {
    record: clouds.huntingAlert(),
    parts: [
      ['da11223344_1', 'id'],
      ['2026-11-02T06:29:00', 'seconds'],
    ],
  },
  sentinel: {
    record: clouds.sentinelAlert(),
    parts: [
      ['5f1f3a7e-0000-4000-8000-000000000042', 'id'],
      ['2026-11-02 06:55:10', 'seconds'],
      ['FS-LEE-01', 'thing'],
    ],
  },
  crowdstrike: {
    record: sensors.crowdstrikeDetection(),
    parts: [
      ['0123:ind:4567:89-10-11', 'id'],
      ['WS-EVA-07', 'thing'],
    ],
  },
  sentinelone: {
    record: sensors.sentineloneThreat(),
    parts: [
      ['1570395776954206600', 'id'],
      ['2026-11-02T08:20:00', 'seconds'],
      ['SRV-LOG-02', 'thing'],
    ],
  },
  'carbon-black': {
    record: sensors.carbonBlackAlert(),
    parts: [
      ['5a3bd1d8-0000-4000-8000-000000000007', 'id'],
      ['2026-11-02T08:39:55', 'seconds'],
      ['WS-UMA-03', 'thing'],
    ],
  },
  proofpoint: {
    record: sensors.proofpointMessage(),
    parts: [
      ['c26dbea0-80d5-463b-b93c-4e8b708219ce', 'id'],
      ['2026-11-02T09:10:00', 'seconds'],
      ['ana@corp', 'thing'],
    ],
  },
  okta: {
    record: sensors.oktaEvent(),
    parts: [
      ['7d0c9f5e-0000-11f0-8000-000000000001', 'id'],
      ['2026-11-02T09:00:00', 'seconds'],
      ['noa@corp', 'thing'],
    ],
  },
  falco: {
    record: sensors.falcoEvent(),
    parts: [
      ['1793611200746609046', 'id'],
      ['746609046Z', 'id'],
      ['2026-11-02T09:20:00', 'seconds'],
      ['node-4', 'thing'],
    ],
  },
  'zeek-notice': {
    record: sensors.zeekNoticeRecord(),
    parts: [
      ['CxYz1', 'id'],
      ['2026-11-02T09:30:00', 'seconds'],
      ['10.20.4.61', 'thing'],
    ],
  },
  'suricata-fast': {
    record: sensors.FAST_LINE,
    parts: [
      ['123456', 'id'],
      ['10.20.4.91', 'thing'],
    ],
  },
  cef: {
    record: sensors.CEF_LINE,
    parts: [
      ['ev-1', 'id'],
      ['1793612400000', 'milliseconds'],
      ['WS-MIA-01', 'thing'],
    ],
  },
  leef: {
    record: sensors.LEEF_LINE,
    parts: [
      ['Worm in an attachment', 'id'],
      ['2026-11-02T09:49:30', 'seconds'],
      ['10.20.4.81', 'thing'],
    ],
  },
  syslog: {
    record: SYSLOG_LINE,
    parts: [
      ['7700', 'id'],
      ['2026-11-02T07:30:00', 'seconds'],
      ['mail-01', 'thing'],
    ],
    format: 'syslog',
  },
  manual: {
    record: MANUAL,
    parts: [
      ['5f1f3a7e-0000-4000-8000-00000000beef', 'id'],
      ['1793610001250', 'milliseconds'],
      ['ws-ana-01', 'thing'],
    ],
  },
};

const THINGS = 50;

function inPlaceOf([text, kind]: Part, index: number): string {
  switch (kind) {
    case 'id': {
      // As many digits as there is room for, behind what the id starts with; more where that is not enough.
      const digits = String(1_000_000 + index);
      return text.length > digits.length + 1
        ? `${text.slice(0, -digits.length)}${digits}`
        : `${index}`.padStart(text.length, '0');
    }
    case 'thing':
      return `${text.slice(0, -1)}${index % THINGS}`;
    case 'milliseconds':
      return String(Number(text) + index * 1_000);
    case 'seconds': {
      const later = new Date(Date.parse(`${text.replace(' ', 'T')}Z`) + index * 1_000)
        .toISOString()
        .slice(0, text.length);
      return text.includes(' ') ? later.replace('T', ' ') : later;
    }
  }
}

/** The lines of a stream of one format: the sample again and again, each with its own id and time. */
export function* sampleLines({ record, parts }: FormatSample, count: number): Generator<string> {
  const text = typeof record === 'string' ? record : JSON.stringify(record);
  for (let index = 0; index < count; index += 1) {
    yield parts.reduce((line, part) => line.replaceAll(part[0], inPlaceOf(part, index)), text);
  }
}

/** Writes such a stream as a file. */
export async function writeSampleFile(path: string, sample: FormatSample, count: number): Promise<void> {
  const file = await open(path, 'w');
  try {
    let chunk: string[] = [];
    for (const line of sampleLines(sample, count)) {
      if (chunk.push(line) < 2_000) continue;
      await file.writeFile(`${chunk.join('\n')}\n`);
      chunk = [];
    }
    await file.writeFile(`${chunk.join('\n')}\n`);
  } finally {
    await file.close();
  }
}
