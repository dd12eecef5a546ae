import type { Json } from '../../../model/json.ts';
import type { FieldSubject } from '../../alert/ecs-fields.ts';
import { keywordFieldsOf } from '../subject-fields.ts';
import { AhoCorasick } from './aho-corasick.ts';
import type { Candidates } from './candidates.ts';

/** Looks once at all texts of a record for the keywords of all rules. */
export class RecordScan {
  private readonly automaton: AhoCorasick;
  private readonly rules: readonly (readonly number[])[];
  private readonly hasNumbers: boolean;
  private readonly hasTruths: boolean;
  private readonly found: number[] = [];
  private readonly nodes: Json[] = [];

  constructor(waiting: readonly { text: string; rule: number }[]) {
    const rulesByText = new Map<string, Set<number>>();
    for (const { text, rule } of waiting) {
      const rules = rulesByText.get(text) ?? new Set();
      rulesByText.set(text, rules.add(rule));
    }
    const texts = [...rulesByText.keys()];
    this.automaton = new AhoCorasick(texts);
    this.rules = [...rulesByText.values()].map((rules) => [...rules]);
    this.hasNumbers = texts.some((text) => /^[-+.0-9e]+$/.test(text) || '-infinity'.includes(text));
    this.hasTruths = texts.some((text) => 'true'.includes(text) || 'false'.includes(text));
  }

  run(subject: FieldSubject, candidates: Candidates): void {
    const { automaton, found, nodes } = this;
    for (const text of keywordFieldsOf(subject)) if (text) automaton.scan(text, found);
    nodes.push(subject.raw);
    for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
      if (typeof node === 'string') automaton.scan(node, found);
      else if (typeof node === 'object') this.open(node);
      else if (typeof node === 'number' ? this.hasNumbers : this.hasTruths) automaton.scan(String(node), found);
    }
    for (const place of found) candidates.addAll(this.rules[place] ?? []);
    found.length = 0;
  }

  /** Texts are looked at in place; only what has parts of its own is put aside. */
  private open(node: object | null): void {
    if (node === null) return;
    for (const child of Object.values(node) as Json[]) {
      if (typeof child === 'string') this.automaton.scan(child, this.found);
      else if (child !== null && (typeof child === 'object' || this.hasNumbers || this.hasTruths))
        this.nodes.push(child);
    }
  }
}
