import { describe, expect, it } from 'vitest';
import { emptyAlert } from '../../../../engine/ingest/formats/draft.ts';
import {
  ECS_FIELDS,
  ENRICHMENT_FIELDS,
  type FieldSubject,
  fieldValues,
  isFieldName,
  listFields,
} from '../../../../shared/domain/alert/ecs-fields.ts';
import type { JsonObject } from '../../../../shared/model/json.ts';

function subject(raw: JsonObject = {}): FieldSubject {
  const alert = emptyAlert('suricata');
  alert.title = 'Title';
  alert.users = ['CORP\\ana', 'ben@corp.example'];
  alert.techniques = ['T1059.001', 'T1190'];
  alert.tactics = ['defense-evasion', 'homemade'];
  alert.sourceIp = '10.0.0.1';
  alert.process.executable = 'C:\\Windows\\cmd.exe';
  const enrichment = {
    hostCriticality: 'high' as const,
    hostInternetFacing: false,
    hostOwner: null,
    userTier0: null,
    userCriticality: null,
    knownExploited: null,
  };
  return { alert, enrichment, raw };
}

function values(field: string, of: FieldSubject = subject()): unknown {
  const found = fieldValues(of, field);
  return found.state === 'values' ? found.values : found.state;
}

describe('fields by their common names', () => {
  it('gives accounts with and without their domain', () => {
    expect(values('user.name')).toEqual(['ana', 'CORP\\ana', 'ben@corp.example']);
    expect(values('user.domain')).toEqual(['CORP']);
  });

  it('gives the technique of a sub-technique, and tactics by name and id', () => {
    expect(values('threat.technique.id')).toEqual(['T1059.001', 'T1190', 'T1059']);
    expect(values('threat.tactic.name')).toEqual(['defense-evasion', 'homemade']);
    expect(values('threat.tactic.id')).toEqual(['TA0005']);
  });

  it('tells what nobody knows from what is not there', () => {
    expect(values('user.tier0')).toBe('unknown');
    expect(values('vulnerability.known_exploited')).toBe('unknown');
    expect(values('event.severity')).toBe('unknown');
    expect(values('event.severity_name')).toBe('unknown');
    expect(values('host.criticality')).toEqual(['high']);
    expect(values('host.internet_facing')).toEqual([false]);
    expect(values('destination.ip')).toBe('absent');
    expect(values('no.such.field')).toBe('absent');
  });

  it('keeps severity 0, which is informational and not unknown', () => {
    const of = subject();
    of.alert.severityScore = 0;
    of.alert.severity = 'informational';
    expect(values('event.severity', of)).toEqual([0]);
  });

  it('finds dotted and nested keys, and flattens arrays', () => {
    const raw = { 'a.b': { c: [1, { d: 2 }] }, a: { 'b.c': 'x', b: { c: true } }, n: null };
    expect(values('raw.a.b.c', subject(raw))).toEqual([true, 'x', 1]);
    expect(values('raw.a.b.c.d', subject(raw))).toEqual([2]);
    expect(values('raw.n', subject(raw))).toBe('absent');
  });

  it('reads the document within a hit, and the hit itself', () => {
    const raw = { _index: 'i', _source: { data: { win: { id: '1' } } } };
    expect(values('raw.data.win.id', subject(raw))).toEqual(['1']);
    expect(values('raw._index', subject(raw))).toEqual(['i']);
    expect(values('raw._source.data.win.id', subject(raw))).toEqual(['1']);
  });

  it('answers nothing of the language itself', () => {
    for (const name of ['constructor', '__proto__', 'raw.constructor.name', 'raw.__proto__', 'raw.toString', 'raw.']) {
      expect(values(name)).toBe('absent');
    }
    expect(isFieldName('constructor')).toBe(false);
    expect(isFieldName('raw.')).toBe(false);
    expect(isFieldName('raw.x')).toBe(true);
  });

  it('documents each field once, and answers under each documented name', () => {
    const names = ECS_FIELDS.map((field) => field.name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of [...names, ...ENRICHMENT_FIELDS]) expect(isFieldName(name)).toBe(true);
    for (const name of ENRICHMENT_FIELDS) expect(names).toContain(name);
  });

  it('lists what the alert says', () => {
    const listed = new Map(listFields(subject().alert).map((field) => [field.name, field.value]));
    expect(listed.get('source.ip')).toBe('10.0.0.1');
    expect(listed.get('process.name')).toBe('cmd.exe');
    expect(listed.has('destination.ip')).toBe(false);
    expect(listed.has('host.criticality')).toBe(false);
  });
});
