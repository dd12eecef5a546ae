import { describe, expect, it } from 'vitest';
import { okta } from '../../../../engine/ingest/formats/okta.ts';
import type { JsonObject } from '../../../../shared/model/json.ts';
import { oktaEvent } from '../../../fixtures/sensor-records.ts';
import { alertOf, whyNot } from './expect-alert.ts';

function withDebug(eventType: string, debugData: JsonObject): JsonObject {
  return { ...oktaEvent(), eventType, debugContext: { debugData } };
}

describe('Okta', () => {
  it('reads a threat', () => {
    expect(alertOf(okta, oktaEvent())).toMatchObject({
      product: 'okta',
      stableId: '7d0c9f5e-0000-11f0-8000-000000000001',
      observedAtMs: Date.UTC(2026, 10, 2, 9, 0, 0, 250),
      title: 'Request from suspicious actor',
      severity: 'high',
      ruleId: 'security.threat.detected',
      users: ['noa@corp.example'],
      sourceIp: '203.0.113.81',
      sourceAction: 'blocked',
      tags: ['outcome:DENY'],
    });
  });

  it.each<[string, JsonObject, boolean]>([
    ['user.session.start', {}, false],
    ['user.session.start', { threatSuspected: 'true' }, true],
    ['policy.evaluate_sign_on', { risk: '{reasons=x, level=LOW}' }, false],
    ['policy.evaluate_sign_on', { risk: '{level=MEDIUM}' }, true],
    ['system.org.rate_limit.violation', {}, true],
    ['user.account.privilege.grant', {}, true],
    ['user.account.reset_password', {}, false],
    ['application.lifecycle.update', {}, false],
  ])('takes %s with %j for an alert: %s', (type, debug, isAlert) => {
    expect(okta.read(withDebug(type, debug)).kind).toBe(isAlert ? 'alert' : 'skip');
  });

  it.each([
    [{ risk: '{level=MEDIUM}', threatSuspected: 'true' }, 'WARN', 'medium', 55],
    [{ threatSuspected: 'true' }, 'INFO', 'high', 80],
    [{}, 'DEBUG', 'informational', 5],
    [{}, 'INFO', 'informational', 5],
    [{}, 'WARN', 'low', 25],
    [{}, 'ERROR', 'medium', 55],
    [{}, null, 'unknown', null],
  ])('ranks %j with level %s as %s', (debug, level, severity, severityScore) => {
    const record = { ...withDebug('security.threat.detected', debug), severity: level };
    expect(alertOf(okta, record)).toMatchObject({ severity, severityScore });
  });

  it('takes a reset by Okta’s own staff for an alert', () => {
    const record = { ...withDebug('user.account.reset_password', {}), actor: { alternateId: 'System@okta.com' } };
    expect(okta.read(record).kind).toBe('alert');
  });

  it('lets the event type stand in for a missing message, and refuses what has no time', () => {
    expect(alertOf(okta, { ...oktaEvent(), displayMessage: null })).toMatchObject({
      title: 'Okta event security.threat.detected',
      warnings: [{ field: 'title' }],
    });
    expect(whyNot(okta, { ...oktaEvent(), published: null })).toBe('reject: it has no published');
  });

  it('leaves the audit log of others alone', () => {
    expect(okta.recognises({ eventType: 'AwsConsoleSignIn', eventVersion: '1.05', userIdentity: {} })).toBe(0);
    expect(okta.recognises({ eventType: 'user.login', actor: {} })).toBe(0);
  });
});
