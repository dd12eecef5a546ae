import { describe, expect, test } from 'vitest';
import { loadPolicies } from '../../../../engine/policies.ts';
import { loadRatioCondition, shortRestCondition } from '../../../../shared/domain/strain/conditions.ts';
import { leadBand } from '../../../../shared/domain/strain/lead-band.ts';
import { loadRatio } from '../../../../shared/domain/strain/load-ratio.ts';
import { shortRest } from '../../../../shared/domain/strain/short-rest.ts';
import { type Band, strainConditionSchema } from '../../../../shared/model/strain.ts';
import { at, dayShifts, rota } from '../roster/rota.ts';

const { strain, country } = loadPolicies();
const NOW = at('2026-11-21T12:00');
const tired = rota([
  ...dayShifts('2026-11', 2, 6),
  'shift 2026-11-10T13:00 21:00',
  'shift 2026-11-11T06:30 14:00',
  'shift 2026-11-17T12:00 20:00',
  'shift 2026-11-18T06:00 14:00',
]);

describe('a condition as its owner reads it', () => {
  test('short rest names count, window and the shortest rest', () => {
    const condition = shortRestCondition(shortRest(tired, NOW, strain, country), strain, country);
    expect(condition.driver).toBe('2 rests under 11 h in 28 days, the shortest 9 h 30 m.');
    expect(condition).toMatchObject({ key: 'short_rest', band: 'amber', evidence: 'law', windowDays: 28 });
    expect(condition.source).toContain('2003/88/EC');
    expect(condition.action).toContain('Move the start of the next shift');
  });

  test('load ratio names ratio, limit and pool', () => {
    const busy = { assigned: [{ class: 'high:wazuh', severity: 'high' as const, count: 40 }], availableMinutes: 2400 };
    const weeks = Array.from({ length: 5 }, () => busy);
    const result = loadRatio({ weeks, medians: new Map(), poolSize: 5, dutyShifts: 20 }, strain);
    const condition = loadRatioCondition(result, strain);
    expect(condition.driver).toBe('Load ratio 0.71 over the last 7 days, amber from 0.70.');
    expect(condition.inputs).toContainEqual({ label: 'Assigned work', value: '1,200 min' });
    expect(condition.inputs).toContainEqual({ label: 'Plannable time', value: '1,680 min' });
    expect(condition.evidence).toBe('computed');
    expect(condition.notCounted).toMatch(/Breaks.*handed on.*rule closed/);
  });

  test('a ratio above the limit that is still green says why', () => {
    const busy = { assigned: [{ class: 'high:wazuh', severity: 'high' as const, count: 40 }], availableMinutes: 2400 };
    const calm = { assigned: [], availableMinutes: 2400 };
    const result = loadRatio(
      { weeks: [busy, calm, calm, calm, calm], medians: new Map(), poolSize: 5, dutyShifts: 20 },
      strain,
    );
    expect(loadRatioCondition(result, strain)).toMatchObject({
      band: 'green',
      driver: 'Load ratio 0.71 over the last 7 days, amber from 0.70. Still green: 2 weeks in a row must agree.',
    });
  });

  test('every condition carries formula, limits, source and evidence in every band', () => {
    const all = [rota([]), tired, rota(dayShifts('2026-11', 2, 6))].map((duties) =>
      shortRestCondition(shortRest(duties, NOW, strain, country), strain, country),
    );
    for (const condition of all) {
      strainConditionSchema.parse(condition);
      for (const text of [
        condition.formula,
        condition.limits,
        condition.source,
        condition.driver,
        condition.notCounted,
      ]) {
        expect(text.length).toBeGreaterThan(10);
      }
    }
    expect(all.map((condition) => condition.band)).toEqual(['not_enough_data', 'amber', 'green']);
    expect(all.map((condition) => condition.action === null)).toEqual([true, false, true]);
  });
});

describe('what a lead reads', () => {
  const conditions = (load: Band, rest: Band) => [
    { key: 'load_ratio' as const, band: load, action: 'Tune the rule.' },
    { key: 'short_rest' as const, band: rest, action: 'Move the shift.' },
  ];
  test.each([
    ['green', 'green', 'green'],
    ['amber', 'green', 'green'],
    ['green', 'amber', 'green'],
    ['amber', 'amber', 'amber'],
    ['red', 'green', 'amber'],
    ['red', 'amber', 'amber'],
    ['green', 'red', 'red'],
    ['red', 'red', 'red'],
    ['not_enough_data', 'red', 'red'],
    ['not_enough_data', 'green', 'green'],
    ['not_enough_data', 'not_enough_data', 'not_enough_data'],
  ] as const)('load %s and rest %s make %s', (load, rest, expected) => {
    expect(leadBand(conditions(load, rest)).band).toBe(expected);
  });

  test('names what drives it, and the first thing to change about the work', () => {
    expect(leadBand(conditions('amber', 'red'))).toEqual({
      band: 'red',
      driver: 'Short rest between duties and assigned work above what the rostered time holds.',
      action: 'Move the shift.',
    });
  });

  test('never a number of the person', () => {
    for (const load of ['green', 'amber', 'red', 'not_enough_data'] as const) {
      for (const rest of ['green', 'amber', 'red', 'not_enough_data'] as const) {
        expect(leadBand(conditions(load, rest)).driver).not.toMatch(/\d/);
      }
    }
  });
});
