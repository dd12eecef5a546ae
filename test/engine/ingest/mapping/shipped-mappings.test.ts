import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BUILT_IN } from '../../../../engine/ingest/formats/index.ts';
import { loadCatalogue } from '../../../../engine/ingest/mapping/mapping-files.ts';
import type { NormalisedAlert } from '../../../../shared/model/alert.ts';
import type { JsonObject } from '../../../../shared/model/json.ts';
import { RESOURCES } from '../../engine-setting.ts';

const { catalogue, problems } = loadCatalogue({ own: null, program: join(RESOURCES, 'mappings') });
const gateway = catalogue.named('llm-gateway');

function finding(guardrail: JsonObject, more: JsonObject = {}): JsonObject {
  return {
    timestamp: '2026-11-02T10:00:00.250Z',
    event_id: 'gr-4711',
    gen_ai: {
      provider: { name: 'example' },
      request: { model: 'm-large' },
      agent: { name: 'helpdesk-assistant' },
      tool: { name: 'http_post', call: { arguments: '{"url":"https://drop.example.test"}' } },
    },
    user: { email: 'ana@example.test' },
    client: { address: '10.20.4.71' },
    guardrail: { name: 'input shield', action: 'blocked', ...guardrail },
    ...more,
  };
}

function alertOf(record: JsonObject): NormalisedAlert {
  const result = gateway?.read(record);
  if (result?.kind !== 'alert') throw new Error(`no alert: ${JSON.stringify(result)}`);
  return result.alert;
}

describe('the mapping of LLM gateways', () => {
  it('has no fault, and leaves all other records alone', () => {
    expect(problems).toEqual([]);
    expect(catalogue.recognise(finding({ category: 'jailbreak' }))?.name).toBe('llm-gateway');
    expect(BUILT_IN.recognise(finding({ category: 'jailbreak' }))).toBeNull();
    expect(catalogue.recognise({ guardrail: { category: 'jailbreak' } })).toBeNull();
    expect(catalogue.recognise({ model: 'x' })).toBeNull();
  });

  it('fills what a person needs', () => {
    const record = finding({ category: 'indirect_prompt_injection', reason: 'A page told it to', risk_score: 91 });
    expect(alertOf(record)).toMatchObject({
      product: 'llm gateway',
      observedAtMs: Date.UTC(2026, 10, 2, 10, 0, 0, 250),
      title: 'LLM guardrail: input shield: indirect prompt injection',
      description: 'A page told it to',
      severity: 'critical',
      severityScore: 91,
      ruleId: 'indirect_prompt_injection',
      ruleName: 'input shield',
      tactics: ['initial-access'],
      techniques: ['AML.T0051.001'],
      hosts: ['helpdesk-assistant'],
      users: ['ana@example.test'],
      sourceIp: '10.20.4.71',
      process: { executable: 'http_post', commandLine: '{"url":"https://drop.example.test"}' },
      sourceAction: 'blocked',
      tags: ['LLM01', 'model:m-large'],
    });
  });

  it.each([
    ['jailbreak', 'AML.T0054', 'LLM01', 'medium'],
    ['PII', 'AML.T0057', 'LLM02', 'medium'],
    ['untrusted-model', 'AML.T0010.003', 'LLM03', 'high'],
    ['data_poisoning', 'AML.T0020', 'LLM04', 'high'],
    ['unsafe_output', 'AML.T0067', 'LLM05', 'medium'],
    ['excessive_agency', 'AML.T0053', 'LLM06', 'medium'],
    ['system_prompt_leak', 'AML.T0056', 'LLM07', 'medium'],
    ['rag_poisoning', 'AML.T0070', 'LLM08', 'high'],
    ['hallucination', null, 'LLM09', 'low'],
    ['token_budget', 'AML.T0034', 'LLM10', 'low'],
    ['something else', null, null, 'medium'],
  ])('maps %s', (category, technique, owasp, severity) => {
    const alert = alertOf(finding({ category }));
    expect(alert.techniques).toEqual(technique === null ? [] : [technique]);
    expect(alert.tags).toEqual([...(owasp === null ? [] : [owasp]), 'model:m-large']);
    expect(alert.severity).toBe(severity);
  });

  it('names only techniques that ATLAS has, and all ten entries of OWASP', () => {
    const text = readFileSync(join(RESOURCES, 'mappings', 'llm-gateway.yml'), 'utf8');
    const known = JSON.parse(readFileSync(join(RESOURCES, 'atlas-techniques.json'), 'utf8')).techniques;
    const named = [...text.matchAll(/AML\.T\d{4}(?:\.\d{3})?/g)].map(([id]) => id);
    expect(named.length).toBeGreaterThan(25);
    expect(named.filter((id) => !Object.hasOwn(known, id))).toEqual([]);
    const ten = Array.from({ length: 10 }, (_, i) => `LLM${String(i + 1).padStart(2, '0')}`);
    expect(ten.filter((id) => !new RegExp(`: ${id}$`, 'm').test(text))).toEqual([]);
  });

  it('takes several violations of one request together, and their own ids and severities first', () => {
    const violations = [{ category: 'jailbreak' }, { category: 'pii' }];
    const alert = alertOf(finding({ violations, severity: 'severe', atlas: 'AML.T0043', owasp: 'llm07:2025' }));
    expect(alert.techniques).toEqual(['AML.T0043', 'AML.T0054', 'AML.T0057']);
    expect(alert.tags).toEqual(['LLM01', 'LLM02', 'LLM07', 'model:m-large']);
    expect(alert.severity).toBe('critical');
  });

  it('passes over requests in which nothing was found', () => {
    expect(gateway?.read(finding({ action: 'ALLOW' }))).toMatchObject({ kind: 'skip' });
    expect(gateway?.read(finding({ triggered: false }))).toMatchObject({ kind: 'skip' });
  });

  it('tells findings of one request apart by guardrail and category', () => {
    const ids = ['jailbreak', 'pii'].map((category) => alertOf(finding({ category })).stableId);
    expect(new Set(ids).size).toBe(2);
    expect(alertOf(finding({ category: 'pii', reason: 'said again' })).stableId).toBe(ids[1]);
  });
});
