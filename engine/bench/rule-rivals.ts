import type { NestedCondition, RuleProperties } from 'json-rules-engine';
import type { FieldSubject } from '../../shared/domain/alert/ecs-fields.ts';
import type { GeneratedRule } from './generate-rules.ts';
import { plainAlert } from './plain-alert.ts';
import { type RivalCondition, type RivalFacts, rivalCondition, rivalFacts } from './rival-rules.ts';

/** Another engine with as many of the rules as it can express. `match` answers how many of them an alert meets. */
export interface RuleRival {
  name: 'jsonRulesEngine' | 'zenEngine';
  /** How many of the rules it was given. */
  rules: number;
  /** Which of the rules, by their place. */
  places: ReadonlySet<number>;
  match(facts: RivalFacts): Promise<number>;
}

/** The rivals that are installed, and a sentence for each that is not: they are there for measuring only. */
export async function loadRivals(
  generated: readonly GeneratedRule[],
): Promise<{ rivals: RuleRival[]; missing: string[] }> {
  const rules = generated.flatMap(({ detection }, place) => {
    const condition = rivalCondition(detection);
    return condition === null ? [] : [{ place, condition }];
  });
  const rivals: RuleRival[] = [];
  const missing: string[] = [];
  for (const [name, load] of [
    ['json-rules-engine', jsonRulesEngine],
    ['@gorules/zen-engine', zenEngine],
  ] as const) {
    try {
      rivals.push(await load(rules));
    } catch (error) {
      const why = error instanceof Error ? error.message.split('\n', 1)[0] : 'unknown fault';
      missing.push(`${name} is not installed or cannot be loaded, so it is not measured: ${why}`);
    }
  }
  return { rivals, missing };
}

interface PlacedRule {
  place: number;
  condition: RivalCondition;
}

/** With operators of its own for texts, as its documentation says to add them; those for numbers and lists are built in. */
async function jsonRulesEngine(rules: readonly PlacedRule[]): Promise<RuleRival> {
  const { Engine } = await import('json-rules-engine');
  const engine = new Engine();
  engine.addOperator<string, string>('textContains', (fact, text) => fact.includes(text));
  engine.addOperator<string, string>('textStarts', (fact, text) => fact.startsWith(text));
  engine.addOperator<string, string>('textEnds', (fact, text) => fact.endsWith(text));
  engine.addOperator<string[], string>('anyContains', (fact, text) => fact.some((each) => each.includes(text)));
  engine.addOperator<string, RegExp>('textMatches', (fact, expression) => expression.test(fact));
  for (const { place, condition } of rules) {
    const event = { type: `r${place}` };
    const asked = jsonCondition(condition);
    const conditions = 'all' in asked || 'any' in asked || 'not' in asked ? asked : { all: [asked] };
    engine.addRule({ conditions, event } satisfies RuleProperties);
  }
  return {
    name: 'jsonRulesEngine',
    rules: rules.length,
    places: new Set(rules.map(({ place }) => place)),
    match: async (facts) => (await engine.run({ ...facts })).events.length,
  };
}

function jsonCondition(condition: RivalCondition): NestedCondition {
  switch (condition.kind) {
    case 'all':
      return { all: condition.of.map(jsonCondition) };
    case 'any':
      return { any: condition.of.map(jsonCondition) };
    case 'not':
      return { not: jsonCondition(condition.of) };
    case 'equals':
      return { fact: condition.fact, operator: condition.isList ? 'contains' : 'equal', value: condition.value };
    case 'contains':
      return {
        fact: condition.fact,
        operator: condition.isList ? 'anyContains' : 'textContains',
        value: condition.value,
      };
    case 'startswith':
      return { fact: condition.fact, operator: 'textStarts', value: condition.value };
    case 'endswith':
      return { fact: condition.fact, operator: 'textEnds', value: condition.value };
    case 'oneOf':
      return { fact: condition.fact, operator: 'in', value: condition.values };
    case 'atLeast':
      return { fact: condition.fact, operator: 'greaterThanInclusive', value: condition.value };
    case 'below':
      return { fact: condition.fact, operator: 'lessThan', value: condition.value };
    case 'matches':
      return {
        fact: condition.fact,
        operator: 'textMatches',
        value: new RegExp(condition.expression.replace('(?i)', ''), 'i'),
      };
  }
}

/** All rules as rows of one decision table that collects what is hit, compiled once: faster than an expression for each rule (181 alerts a second against 160). */
async function zenEngine(rules: readonly PlacedRule[]): Promise<RuleRival> {
  const { ZenDecisionContent, ZenEngine } = await import('@gorules/zen-engine');
  const position = { x: 0, y: 0 };
  const content = {
    hitPolicy: 'collect',
    inputs: [{ id: 'condition', name: 'condition', field: '' }],
    outputs: [{ id: 'hit', name: 'hit', field: 'rule' }],
    rules: rules.map(({ place, condition }) => ({
      _id: `r${place}`,
      condition: zenExpression(condition),
      hit: String(place),
    })),
  };
  const decision = new ZenEngine().createDecision(
    new ZenDecisionContent({
      nodes: [
        { id: 'in', type: 'inputNode', name: 'in', position },
        { id: 'rules', type: 'decisionTableNode', name: 'rules', position, content },
        { id: 'out', type: 'outputNode', name: 'out', position },
      ],
      edges: [
        { id: 'a', sourceId: 'in', targetId: 'rules', type: 'edge' },
        { id: 'b', sourceId: 'rules', targetId: 'out', type: 'edge' },
      ],
    }),
  );
  return {
    name: 'zenEngine',
    rules: rules.length,
    places: new Set(rules.map(({ place }) => place)),
    match: async (facts) => {
      const { result } = await decision.evaluate(facts);
      return Array.isArray(result) ? result.length : 0;
    },
  };
}

function zenExpression(condition: RivalCondition): string {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return `(${condition.of.map(zenExpression).join(condition.kind === 'all' ? ' and ' : ' or ')})`;
    case 'not':
      return `not (${zenExpression(condition.of)})`;
    case 'equals':
      return condition.isList
        ? `${quoted(condition.value)} in ${condition.fact}`
        : `${condition.fact} == ${quoted(condition.value)}`;
    case 'contains':
      return condition.isList
        ? `some(${condition.fact}, contains(#, ${quoted(condition.value)}))`
        : `contains(${condition.fact}, ${quoted(condition.value)})`;
    case 'startswith':
      return `startsWith(${condition.fact}, ${quoted(condition.value)})`;
    case 'endswith':
      return `endsWith(${condition.fact}, ${quoted(condition.value)})`;
    case 'oneOf':
      return `${condition.fact} in [${condition.values.map(quoted).join(', ')}]`;
    case 'atLeast':
      return `${condition.fact} >= ${condition.value}`;
    case 'below':
      return `${condition.fact} < ${condition.value}`;
    case 'matches':
      return `matches(${condition.fact}, ${quoted(condition.expression)})`;
  }
}

/** Its texts take backslashes as they are. */
function quoted(text: string): string {
  if (text.includes('"')) throw new Error(`a text with a quote cannot be written for it: ${text}`);
  return `"${text}"`;
}

/** Alerts a second of processor time at its best of some rounds, after making sure that it finds what is `expected` of the first alerts. */
export async function measureRival(
  rival: RuleRival,
  freshSubjects: (count: number) => readonly FieldSubject[],
  expected: { alerts: number; hits: number },
  { rounds, roundMs, collectGarbage }: { rounds: number; roundMs: number; collectGarbage(): void },
): Promise<number> {
  const run = async (subjects: readonly FieldSubject[]): Promise<number> => {
    let hits = 0;
    for (const subject of subjects) hits += await rival.match(rivalFacts(plainAlert(subject)));
    return hits;
  };
  const hits = await run(freshSubjects(expected.alerts));
  if (hits !== expected.hits) throw new Error(`${rival.name} found ${hits} and the closures ${expected.hits}`);
  let best = 0;
  let count = 50;
  for (let round = 0; round < rounds; round++) {
    const subjects = freshSubjects(count);
    collectGarbage();
    // All threads of the process count: one of the rivals may have others at work.
    const before = process.cpuUsage();
    await run(subjects);
    const used = process.cpuUsage(before);
    const elapsedMs = Math.max(0.001, (used.user + used.system) / 1000);
    const alertsPerSecond = subjects.length / (elapsedMs / 1000);
    best = Math.max(best, alertsPerSecond);
    count = Math.max(20, Math.floor((alertsPerSecond * roundMs) / 1000));
  }
  return best;
}
