import { isJsonObject, type Json } from '../../shared/model/json.ts';
import { type PlainAlert, plainNetworkRange } from './plain-alert.ts';

/** What one rule asks, as a tree that other engines of rules can be given. Texts are in lower case, as are their facts. */
export type RivalCondition =
  | { kind: 'all' | 'any'; of: readonly RivalCondition[] }
  | { kind: 'not'; of: RivalCondition }
  | { kind: 'equals' | 'contains' | 'startswith' | 'endswith'; fact: keyof RivalFacts; value: string; isList: boolean }
  | { kind: 'oneOf'; fact: keyof RivalFacts; values: readonly string[] }
  | { kind: 'atLeast' | 'below'; fact: keyof RivalFacts; value: number }
  | { kind: 'matches'; fact: keyof RivalFacts; expression: string };

/** The alert as the hand-written closures get it, but that a severity that nobody knows is above all. */
export type RivalFacts = Omit<PlainAlert, 'severity'> & { severity: number };

export function rivalFacts(alert: PlainAlert): RivalFacts {
  return { ...alert, severity: alert.severity ?? 1000 };
}

const FACTS: Readonly<Record<string, { fact: keyof RivalFacts; isList: boolean }>> = {
  'rule.id': { fact: 'ruleId', isList: false },
  'rule.name': { fact: 'ruleName', isList: false },
  'event.category': { fact: 'category', isList: false },
  'event.severity': { fact: 'severity', isList: false },
  'source.ip': { fact: 'sourceIp', isList: false },
  'url.domain': { fact: 'domains', isList: true },
  'url.full': { fact: 'urls', isList: true },
  'process.executable': { fact: 'executable', isList: false },
  'process.command_line': { fact: 'commandLine', isList: false },
  'raw.http.http_user_agent': { fact: 'userAgent', isList: false },
};

/** The generated detection for other engines; null when it uses what is not translated here. */
export function rivalCondition(detection: Json): RivalCondition | null {
  if (!isJsonObject(detection) || typeof detection.condition !== 'string') return null;
  const of: RivalCondition[] = [];
  for (const part of detection.condition.split(' and ')) {
    const isNegated = part.startsWith('not ');
    const selection = selectionCondition(detection[isNegated ? part.slice(4) : part]);
    if (selection === null) return null;
    of.push(isNegated ? { kind: 'not', of: selection } : selection);
  }
  return together('all', of);
}

function selectionCondition(selection: Json | undefined): RivalCondition | null {
  if (!isJsonObject(selection)) return null;
  const of: RivalCondition[] = [];
  for (const [key, value] of Object.entries(selection)) {
    const [field = '', ...modifiers] = key.split('|');
    const known = FACTS[field];
    if (known === undefined || value === undefined) return null;
    const values = Array.isArray(value) ? value : [value];
    const item = itemCondition(known, modifiers, values);
    if (item === null) return null;
    of.push(item);
  }
  return together('all', of);
}

function itemCondition(
  { fact, isList }: { fact: keyof RivalFacts; isList: boolean },
  modifiers: readonly string[],
  values: readonly Json[],
): RivalCondition | null {
  const texts = values.map((value) => String(value).toLowerCase());
  const [first = 'equals'] = modifiers;
  if (first === 'gte') return { kind: 'atLeast', fact, value: Number(values[0]) };
  if (first === 're') return { kind: 'matches', fact, expression: String(values[0]) };
  if (first === 'cidr') {
    const [from, to] = plainNetworkRange(String(values[0]));
    const address = 'sourceAddress';
    return {
      kind: 'all',
      of: [
        { kind: 'atLeast', fact: address, value: from },
        { kind: 'below', fact: address, value: to },
      ],
    };
  }
  if (first === 'equals' && !isList && texts.length > 1) return { kind: 'oneOf', fact, values: texts };
  if (first !== 'equals' && first !== 'contains' && first !== 'startswith' && first !== 'endswith') return null;
  const of = texts.map((value): RivalCondition => ({ kind: first, fact, value, isList }));
  return together(modifiers.includes('all') ? 'all' : 'any', of);
}

/** No layer around a single one: nobody would write it, and it costs. */
function together(kind: 'all' | 'any', of: readonly RivalCondition[]): RivalCondition {
  return of.length === 1 && of[0] !== undefined ? of[0] : { kind, of };
}
