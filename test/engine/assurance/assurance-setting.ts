import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoreTarget } from '../../../engine/store/open.ts';
import type { AuditVerdict, MaskedAudit } from '../../../shared/model/assurance.ts';
import type { Person } from '../../../shared/model/people.ts';
import { ANA, itemsOf, LEA, listOpen, openSetting, type Setting, statementOf } from '../engine-setting.ts';
import { eve } from '../ingest/pipeline-setting.ts';

export const RULE_ID = '7d5a5d0e-3a53-4a52-9d61-0c6a9a1f0001';
/** Rules of the product from here on are noise, and the rule closes what they say. Each alert is of another one, so that no storm folds. */
export const NOISE = 100_000;
const OTHER = 10_000;

export const RULE = `
title: Scanner noise
id: ${RULE_ID}
rationale: The scanner of the lab.
owner: cyd
approvedBy: lea
status: provisional
expires: 2027-02-28
tags: [family.scanner]
detection:
  noise:
    rule.name|startswith: "ET NOISE"
  condition: noise
actions:
  - close: false_positive
`;

export interface AssuranceSetting extends Setting {
  /** Alerts that the rule closes, each an item of its own. */
  closeByRule(n: number, from?: number): Promise<void>;
  /** Items that a person closes. */
  closeByPerson(n: number, disposition: 'false_positive' | 'true_positive', from: number): Promise<void>;
  board(): ReturnType<Setting['engine']['handlers']['assurance']['board']>;
  take(who: Person): Promise<MaskedAudit | null>;
  answer(who: Person, id: number, verdict: AuditVerdict, evidence?: string): Promise<{ summary: string }>;
  /** Of which kind an audit is: only a test may know. */
  kindOf(id: number): Promise<string>;
  tick(): Promise<void>;
}

let flows = 0;

export function lineOf(source: string, sid: number) {
  flows += 1;
  return eve({ flow: flows, sid, signature: `ET ${sid >= NOISE ? 'NOISE' : 'TEST'} ${sid}`, priority: 3, source });
}

export const address = (n: number) => `10.${Math.floor(n / 65_536)}.${Math.floor(n / 256) % 256}.${n % 256}`;

/** An engine with one rule on trial that closes, and a clock that moves past the settling of closures with each tick. */
export async function openAssurance(target: StoreTarget, rule = RULE): Promise<AssuranceSetting> {
  const dir = mkdtempSync(join(tmpdir(), 'evenwatch-assurance-'));
  writeFileSync(join(dir, 'noise.yml'), rule);
  const setting = await openSetting(target, { rulesDirs: [dir] });
  const { assurance, decisions } = setting.engine.handlers;
  return {
    ...setting,
    closeByRule: async (n, from = 0) => {
      await setting.ingestEve(Array.from({ length: n }, (_, at) => lineOf(address(from + at), NOISE + from + at)));
    },
    closeByPerson: async (n, disposition, from) => {
      await setting.ingestEve(Array.from({ length: n }, (_, at) => lineOf(address(from + at), OTHER + from + at)));
      const { items } = await listOpen(setting, ANA);
      await decisions.dispose(setting.as(ANA), {
        statement: statementOf('group.dispose'),
        selection: itemsOf(...items),
        disposition,
        reason: 'looked at it',
      });
    },
    board: () => assurance.board(setting.as(LEA), {}),
    take: async (who) => (await assurance.take(setting.as(who), { statement: statementOf('audit.take') })).audit,
    answer: (who, id, verdict, evidence = '') =>
      assurance.answer(setting.as(who), { statement: statementOf('audit.answer'), id, verdict, evidence }),
    kindOf: async (id) => {
      const rows = await setting.store.read((db) =>
        db.selectFrom('audit_item').select('kind').where('id', '=', id).execute(),
      );
      return rows[0]?.kind ?? '';
    },
    tick: async () => {
      setting.clock.atMs += 10_000;
      await setting.engine.tick();
    },
    close: async () => {
      await setting.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
