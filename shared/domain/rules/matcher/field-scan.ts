import type { FieldAccess, FieldSubject } from '../../alert/ecs-fields.ts';
import { isPartlyKnown } from '../subject-fields.ts';
import type { Candidates } from './candidates.ts';
import type { Sign } from './trigger.ts';
import { TriggerIndex } from './trigger-index.ts';
import { ValueMemo } from './value-memo.ts';

/** Looks at one field of a subject for the rules that wait for something in it. */
export class FieldScan {
  private readonly name: string;
  private readonly access: FieldAccess;
  private readonly memo: ValueMemo;
  /** All that wait on this field: what nobody knows could be any of it. */
  private readonly everyRule: readonly number[];

  constructor(name: string, access: FieldAccess, waiting: readonly { sign: Sign; rule: number }[]) {
    this.name = name;
    this.access = access;
    const index = new TriggerIndex(waiting);
    this.memo = new ValueMemo((value, into) => index.collect(value, into));
    this.everyRule = [...new Set(waiting.map(({ rule }) => rule))];
  }

  run(subject: FieldSubject, candidates: Candidates): void {
    const { access } = this;
    if (access.kind === 'many') {
      const values = access.read(subject);
      for (let at = 0; at < values.length; at++) candidates.addAll(this.memo.of(values[at] ?? ''));
      return;
    }
    const value = access.read(subject);
    if (value === null) {
      if (access.kind === 'known') candidates.addAll(this.everyRule);
      return;
    }
    if (isPartlyKnown(this.name, subject)) candidates.addAll(this.everyRule);
    candidates.addAll(this.memo.of(value));
  }
}
