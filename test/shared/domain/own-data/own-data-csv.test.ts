import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCsvTable } from '../../../../engine/workload/csv-table.ts';
import { ownDataCsv } from '../../../../shared/domain/own-data/own-data-csv.ts';

const AT = Date.UTC(2026, 10, 21, 12);

test('each value has its part, row and field; times are readable', () => {
  const csv = ownDataCsv({
    asOfMs: AT,
    pausedSinceMs: null,
    person: { id: 'zoe', skills: ['cloud', 'mail'], roles: [] },
    duties: [
      { kind: 'shift', startsAtMs: AT, isShared: true },
      { kind: 'leave', startsAtMs: AT },
    ],
    accessLog: [],
    conditions: [{ inputs: [{ label: 'Duties', value: '5' }], action: null }],
  });
  expect(csv.split('\r\n')).toEqual([
    'part,row,field,value',
    'asOf,1,,2026-11-21T12:00:00.000Z',
    'pausedSinceMs,1,,',
    'person,1,id,zoe',
    'person,1,skills.1,cloud',
    'person,1,skills.2,mail',
    'duties,1,kind,shift',
    'duties,1,startsAt,2026-11-21T12:00:00.000Z',
    'duties,1,isShared,true',
    'duties,2,kind,leave',
    'duties,2,startsAt,2026-11-21T12:00:00.000Z',
    'conditions,1,inputs.1.label,Duties',
    'conditions,1,inputs.1.value,5',
    'conditions,1,action,',
    '',
  ]);
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('%j is no formula in a spreadsheet', (text) => {
  expect(ownDataCsv({ remarks: [{ text }] })).toContain(`'${text}`);
});

test('whatever people wrote, a reader gets it back whole', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((each) => !/^[=+\-@\t\r]/.test(each));
  fc.assert(
    fc.property(fc.array(text, { minLength: 1 }), (texts) => {
      const { rows, problems } = readCsvTable(ownDataCsv({ remarks: texts.map((each) => ({ text: each })) }), {
        required: ['part', 'row', 'field', 'value'],
        optional: [],
      });
      expect(problems).toEqual([]);
      expect(rows.map((row) => row.cell('value'))).toEqual(texts.map((each) => each.trim()));
    }),
  );
});
