import { gzipSync } from 'node:zlib';
import type { Json } from '../../../../shared/model/json.ts';
import { CEF_LINE, FAST_LINE, LEEF_LINE } from '../../../fixtures/sensor-records.ts';
import { SHAPES } from './format-fuzz.ts';

const RECORDS = SHAPES.map(([, record]) => record).filter((record) => !Object.hasOwn(record, 'line'));
const json = (value: Json): string => JSON.stringify(value);

const CSV = `SystemAlertId,TimeGenerated,DisplayName,AlertSeverity,Entities
a-1,2026-11-02 10:00:00,"Suspicious ""process""",High,"[{""$id"":""1"",""HostName"":""srv"",""Type"":""host""}]"
a-2,2026-11-02 10:00:01,"Two
lines",Low,
`;
const ZEEK = `#separator \\x09
#set_separator\t,
#empty_field\t(empty)
#unset_field\t-
#path\tnotice
#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tnote\tmsg\tactions
#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tset[enum]
1793613600.123\tC1\t10.0.0.1\t5000\t203.0.113.9\t443\tScan::Port_Scan\tscan\\x2c of ports\tNotice::ACTION_LOG
#close\t2026-11-02-10-00-01
`;

/** Files of our own in every container that is read, so that damage can be done without anybody's real alerts. */
export const MADE_FILES: readonly (readonly [string, Buffer])[] = (
  [
    ['lines.ndjson', `${RECORDS.map(json).join('\n')}\n`],
    ['list.json', json(RECORDS)],
    ['printed.json', RECORDS.map((record) => JSON.stringify(record, null, 2)).join('\n')],
    ['hits.json', json({ hits: { total: 9, hits: RECORDS.slice(0, 6).map((_source) => ({ _id: 'x', _source })) } })],
    ['findings.json', json({ Findings: RECORDS.slice(6, 12), NextToken: 'x' })],
    [
      'lines.log',
      `${[CEF_LINE, LEEF_LINE, FAST_LINE, CEF_LINE, `<13>1 2026-11-02T10:00:00Z h app - - - ${json(RECORDS[0] ?? {})}`].join('\n')}\n`,
    ],
    ['table.csv', CSV.repeat(3)],
    ['notice.log', ZEEK.repeat(3)],
  ] as const
).flatMap(([name, text]) => [
  [name, Buffer.from(text)],
  [`${name}.gz`, gzipSync(text)],
]);
