import { describe, expect, it } from 'vitest';
import { elastic } from '../../../../engine/ingest/formats/elastic.ts';
import type { Json, JsonObject } from '../../../../shared/model/json.ts';
import { isJsonObject } from '../../../../shared/model/json.ts';
import { elasticAlert, elasticSignal } from '../../../fixtures/alert-records.ts';
import { alertOf, whyNot } from './expect-alert.ts';

/** `{"a.b": 1}` as `{"a": {"b": 1}}`. */
function nested(record: JsonObject): JsonObject {
  const whole: JsonObject = {};
  for (const [path, value] of Object.entries(record)) {
    const keys = path.split('.');
    let into = whole;
    for (const key of keys.slice(0, -1)) {
      const below = into[key];
      const next: JsonObject = isJsonObject(below) ? below : {};
      into[key] = next;
      into = next;
    }
    into[keys.at(-1) ?? ''] = value;
  }
  return whole;
}

describe('Elastic Security', () => {
  it('reads an 8.x alert', () => {
    expect(alertOf(elastic, elasticAlert())).toMatchObject({
      product: 'elastic',
      stableId: 'c0ffee00aa',
      observedAtMs: Date.UTC(2026, 10, 2, 10, 1, 22, 70),
      dedupeAtMs: 0,
      title: 'Regsvr32 scriptlet',
      description: 'process event created high alert',
      severity: 'high',
      severityScore: 73,
      ruleId: '9a1a2dae-example',
      category: 'malware',
      tactics: ['defense-evasion'],
      techniques: ['T1218', 'T1218.010'],
      hosts: ['My-PC'],
      users: ['CORP\\ana'],
      sourceIp: '10.1.1.5',
      destinationIp: '198.51.100.7',
      destinationPort: 80,
      hashes: { sha256: ['e'.repeat(64)] },
      domains: ['bad.example.test'],
      process: { executable: 'C:\\Windows\\System32\\regsvr32.exe', parentExecutable: 'C:\\Python\\python.exe' },
      sourceAction: 'blocked',
      closedAtSource: false,
    });
  });

  it('reads the same alert whether its dots are dots or objects', () => {
    expect(elastic.recognises(nested(elasticAlert()))).toBe(1);
    expect(alertOf(elastic, nested(elasticAlert()))).toEqual(alertOf(elastic, elasticAlert()));
  });

  it('reads an answer of the fields API, where every value is in an array', () => {
    const fields: Record<string, Json> = {
      '@timestamp': ['2026-11-02T10:05:00.000Z'],
      'kibana.alert.rule.name': ['Regsvr32 scriptlet'],
      'kibana.alert.severity': ['low'],
      'kibana.alert.risk_score': [21],
      'host.name': ['a', 'b'],
    };
    const hit = { _index: '.internal.alerts-security.alerts-default-000001', _id: 'x1', fields };
    expect(elastic.recognises(hit)).toBe(1);
    expect(alertOf(elastic, hit)).toMatchObject({ stableId: 'x1', hosts: ['a', 'b'], severityScore: 21 });
  });

  it('reads a 7.x signal, closed there', () => {
    expect(elastic.recognises(elasticSignal())).toBe(1);
    expect(alertOf(elastic, elasticSignal())).toMatchObject({
      stableId: 'sig-1',
      title: 'Old rule',
      ruleId: 'old-rule-id',
      observedAtMs: Date.UTC(2021, 4, 2, 10),
      severity: 'low',
      severityScore: 21,
      tactics: ['credential-access'],
      techniques: ['T1110'],
      closedAtSource: true,
    });
  });

  it('lets building blocks enter closed, with a tag', () => {
    const alert = alertOf(elastic, { ...elasticAlert(), 'kibana.alert.building_block_type': 'default' });
    expect(alert.closedAtSource).toBe(true);
    expect(alert.tags).toContain('building_block');
  });

  it('keeps a score of 0 informational and a missing one unknown', () => {
    const { 'kibana.alert.severity': _word, 'kibana.alert.risk_score': _score, ...bare } = elasticAlert();
    expect(alertOf(elastic, { ...bare, 'kibana.alert.risk_score': 0 }).severity).toBe('informational');
    expect(alertOf(elastic, bare)).toMatchObject({ severity: 'unknown', severityScore: null });
  });

  it('skips plain events and refuses what has no time', () => {
    expect(whyNot(elastic, { '@timestamp': '2026-11-02T10:05:00.000Z', message: 'x' })).toContain('skip:');
    const record = { ...elasticAlert(), '@timestamp': null, 'kibana.alert.original_time': null };
    expect(whyNot(elastic, record)).toContain('reject: it has no kibana.alert.original_time');
  });

  it('falls back to the time of the rule run, and says why', () => {
    const alert = alertOf(elastic, { ...elasticAlert(), 'kibana.alert.original_time': '40000-01-01T00:00:00Z' });
    expect(alert.observedAtMs).toBe(Date.UTC(2026, 10, 2, 10, 5));
    expect(alert.warnings[0]?.message).toContain('outside the years 1970 to 2199; @timestamp was used');
  });

  it('reads the documents of an archived index', () => {
    const signal = elasticSignal()._source as JsonObject;
    const archive = {
      type: 'doc',
      value: { id: 'z9', index: '.siem-signals-default-000001', source: signal },
    };
    expect(elastic.recognises(archive)).toBe(1);
    expect(alertOf(elastic, archive)).toMatchObject({ stableId: 'z9', title: alertOf(elastic, elasticSignal()).title });
    const event = { type: 'doc', value: { id: '1', index: 'auditbeat-8', source: { '@timestamp': '2026-11-02' } } };
    expect(elastic.recognises(event)).toBeGreaterThan(0.5);
    expect(elastic.read(event).kind).toBe('skip');
  });
});
