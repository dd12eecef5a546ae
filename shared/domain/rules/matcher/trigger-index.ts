import type { Scalar } from '../../alert/raw-path.ts';
import { numberOf } from '../compile-value.ts';
import { addressBytes } from '../subject-fields.ts';
import { AhoCorasick } from './aho-corasick.ts';
import { CidrTrie } from './cidr-trie.ts';
import { FewLiterals } from './few-literals.ts';
import { LiteralTrie } from './literal-trie.ts';
import { Thresholds } from './thresholds.ts';
import type { Sign } from './trigger.ts';

/** So few literals are searched one by one: the engine's own search takes a fraction of a table's time a character. */
const FEW = 4;

/** The rules that wait for each sign of one field, and with one value of it, which of them are to be looked at. */
export class TriggerIndex {
  private readonly equal = new Map<string, number[]>();
  private readonly starts: Waiting<LiteralTrie>;
  private readonly ends: Waiting<LiteralTrie>;
  private readonly substrings: Waiting<AhoCorasick | FewLiterals>;
  private readonly networks: Waiting<CidrTrie>;
  private readonly thresholds: Waiting<Thresholds>;
  private readonly present: readonly number[];
  private readonly found: number[] = [];

  constructor(waiting: readonly { sign: Sign; rule: number }[]) {
    const signs = new SignLists();
    for (const { sign, rule } of waiting) {
      if (sign.kind === 'equals') addTo(this.equal, sign.text, rule);
      else signs.add(sign, rule);
    }
    this.starts = signs.take(
      'startsWith',
      (all) =>
        new LiteralTrie(
          'start',
          all.map((sign) => sign.text),
        ),
    );
    this.ends = signs.take(
      'endsWith',
      (all) =>
        new LiteralTrie(
          'end',
          all.map((sign) => sign.text),
        ),
    );
    this.substrings = signs.take('contains', (all) => {
      const literals = all.map((sign) => sign.text);
      return literals.length <= FEW ? new FewLiterals(literals) : new AhoCorasick(literals);
    });
    this.thresholds = signs.take('compares', (all) => new Thresholds(all));
    this.networks = signs.take('network', (all) => {
      const trie = new CidrTrie();
      for (const [place, { bytes, length }] of all.entries()) trie.insert(bytes, length, place);
      return trie;
    });
    this.present = signs.take('present', () => true)?.rules[0] ?? [];
  }

  /** Adds to `rules` those that wait for something that the value shows; one may come more than once. */
  collect(value: Scalar, rules: number[]): void {
    const text = typeof value === 'string' ? value : String(value);
    addAll(this.present, rules);
    const { equal, starts, ends, substrings, networks, thresholds, found } = this;
    const lower = equal.size > 0 || starts !== null || ends !== null ? text.toLowerCase() : text;
    if (equal.size > 0) addAll(equal.get(lower), rules);
    if (starts !== null) {
      starts.lookUp.collect(lower, found);
      drain(found, starts.rules, rules);
    }
    if (ends !== null) {
      ends.lookUp.collect(lower, found);
      drain(found, ends.rules, rules);
    }
    if (substrings !== null) {
      substrings.lookUp.scan(text, found);
      drain(found, substrings.rules, rules);
    }
    const address = networks === null ? null : addressBytes(text);
    if (networks !== null && address !== null) {
      networks.lookUp.collect(address, found);
      drain(found, networks.rules, rules);
    }
    const number = thresholds === null ? null : numberOf(value);
    if (thresholds !== null && number !== null) {
      thresholds.lookUp.collect(number, found);
      drain(found, thresholds.rules, rules);
    }
  }
}

/** A look-up of signs by their places, and the rules that wait at each place. Null when no rule waits. */
type Waiting<T> = { lookUp: T; rules: readonly (readonly number[])[] } | null;

type SignOf<K extends Sign['kind']> = Extract<Sign, { kind: K }>;

/** Distinct signs, with the rules that wait for each. */
class SignLists {
  private readonly byKey = new Map<string, { sign: Sign; rules: number[] }>();

  add(sign: Sign, rule: number): void {
    const key = JSON.stringify(sign);
    const known = this.byKey.get(key);
    if (known === undefined) this.byKey.set(key, { sign, rules: [rule] });
    else if (known.rules.at(-1) !== rule) known.rules.push(rule);
  }

  take<K extends Sign['kind'], T>(kind: K, make: (signs: readonly SignOf<K>[]) => T): Waiting<T> {
    const isKind = (each: { sign: Sign; rules: number[] }): each is { sign: SignOf<K>; rules: number[] } =>
      each.sign.kind === kind;
    const all = [...this.byKey.values()].filter(isKind);
    if (all.length === 0) return null;
    return { lookUp: make(all.map((each) => each.sign)), rules: all.map((each) => each.rules) };
  }
}

function addTo(lists: Map<string, number[]>, key: string, rule: number): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [rule]);
  else if (known.at(-1) !== rule) known.push(rule);
}

function drain(found: number[], waiting: readonly (readonly number[])[], rules: number[]): void {
  for (let at = 0; at < found.length; at++) addAll(waiting[found[at] ?? 0], rules);
  found.length = 0;
}

function addAll(from: readonly number[] | undefined, to: number[]): void {
  if (from !== undefined) for (const each of from) to.push(each);
}
