import { expect, test } from 'vitest';
import { generateRules } from '../../../engine/bench/generate-rules.ts';
import { type PlainAlert, plainAlert } from '../../../engine/bench/plain-alert.ts';
import { type RivalCondition, rivalCondition, rivalFacts } from '../../../engine/bench/rival-rules.ts';
import { loadRivals, measureRival } from '../../../engine/bench/rule-rivals.ts';
import { freshSubjects } from '../../../engine/bench/rules.ts';
import { generateEveLines } from '../../../engine/sample/generate-eve.ts';
import { seededRandom } from '../../../engine/sample/random.ts';

const NOTHING: PlainAlert = {
  ruleId: '',
  ruleName: '',
  category: '',
  severity: 10,
  domains: [],
  urls: [],
  sourceIp: '',
  sourceAddress: -1,
  executable: '',
  commandLine: '',
  userAgent: '',
};

/** An alert that says what a rule asks for. */
function alertFor(condition: RivalCondition): PlainAlert {
  const said: Record<string, unknown> = { ...NOTHING };
  const say = (asked: RivalCondition): void => {
    switch (asked.kind) {
      case 'all':
        asked.of.forEach(say);
        return;
      case 'any':
        asked.of.slice(0, 1).forEach(say);
        return;
      case 'not':
      case 'below':
        return;
      case 'atLeast':
        said[asked.fact] = asked.value;
        return;
      case 'oneOf':
        said[asked.fact] = asked.values.at(-1);
        return;
      case 'matches':
        said[asked.fact] = asked.expression
          .toLowerCase()
          .replace(/^\(\?i\)|\[.*?\]\?|\\b|\\\.\?/g, '')
          .replace('(v|ver)', 'v');
        return;
      default: {
        const before = asked.kind === 'contains' && !asked.isList ? String(said[asked.fact]) : '';
        const text = `${before}${asked.kind === 'endswith' ? 'c:' : ''}${asked.value}`;
        said[asked.fact] = asked.isList ? ['other', text] : text;
      }
    }
  };
  say(condition);
  // Facts and fields of the alert have the same names and kinds, which the tree does not say.
  return said as unknown as PlainAlert;
}

test('rivals are given every kind of generated rule, and find what the closures find', async () => {
  const rules = generateRules(seededRandom('rivals'), 150);
  const conditions = rules.flatMap(({ detection }) => rivalCondition(detection) ?? []);
  expect(conditions).toHaveLength(150);
  const real = freshSubjects([...generateEveLines({ records: 20, seed: 'rivals', endsAtMs: 1_763_700_000_000 })]);
  const alerts = [...conditions.map(alertFor), ...real.map(plainAlert)];
  const expected = alerts.map((alert) => rules.filter(({ matches }) => matches(alert)).length);
  expect(expected.slice(0, 150).every((hits) => hits > 0)).toBe(true);
  const { rivals, missing } = await loadRivals(rules);
  expect(missing).toEqual([]);
  expect(rivals.map(({ name }) => name)).toEqual(['jsonRulesEngine', 'zenEngine']);
  for (const rival of rivals) {
    expect(rival.rules).toBe(150);
    const found: number[] = [];
    for (const alert of alerts) found.push(await rival.match(rivalFacts(alert)));
    expect(found, rival.name).toEqual(expected);
  }
}, 60_000);

test('a rival that finds something else is not measured', async () => {
  const rival = { name: 'zenEngine' as const, rules: 1, places: new Set([0]), match: async () => 1 };
  const lines = [...generateEveLines({ records: 2, seed: 'rivals', endsAtMs: 1_763_700_000_000 })];
  const fresh = (count: number) => freshSubjects(lines.slice(0, count));
  const context = { rounds: 1, roundMs: 1, collectGarbage: () => {} };
  await expect(measureRival(rival, fresh, { alerts: 2, hits: 5 }, context)).rejects.toThrow('zenEngine found');
});
