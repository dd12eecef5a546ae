import { describe, expect, it } from 'vitest';
import { okta } from '../../../../engine/ingest/formats/okta.ts';
import type { JsonObject } from '../../../../shared/model/json.ts';
import { oktaLakeEvent } from '../../../fixtures/interface-records.ts';
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

  it('reads an event whose top level is in lower case', () => {
    expect(okta.recognises(oktaLakeEvent())).toBe(1);
    expect(alertOf(okta, oktaLakeEvent())).toMatchObject({
      observedAtMs: Date.UTC(2026, 10, 2, 9, 18, 29, 15),
      title: 'Evaluation of sign-on policy',
      severity: 'high',
      ruleId: 'policy.evaluate_sign_on',
      users: ['noa@corp.example'],
      domains: ['isp.example.test'],
    });
  });

  it.each<[JsonObject, boolean]>([
    [{ behaviors: '{New Device=POSITIVE, New IP=POSITIVE}' }, true],
    [{ behaviors: ['New Device=POSITIVE', 'New IP=POSITIVE'] }, true],
    [{ logOnlySecurityData: '{"behaviors":{"New Device":"POSITIVE","New IP":"POSITIVE"}}' }, true],
    [
      {
        logOnlySecurityData: { risk: { level: 'LOW' }, behaviors: { 'New Device': 'POSITIVE', 'New IP': 'POSITIVE' } },
      },
      true,
    ],
    [
      {
        logOnlySecurityData: { risk: { level: 'LOW' }, behaviors: { 'New Device': 'POSITIVE', 'New IP': 'NEGATIVE' } },
      },
      false,
    ],
    [{ behaviors: '{New Device=NEGATIVE, New IP=POSITIVE}' }, false],
  ])('takes a sign-on to the administration with %j for an alert: %s', (debugData, isAlert) => {
    const record = { ...oktaLakeEvent(), debugcontext: { debugData } };
    expect(okta.read(record).kind).toBe(isAlert ? 'alert' : 'skip');
    expect(okta.read({ ...record, target: [] }).kind).toBe('skip');
  });

  it.each(['app.oauth2.token.detect_reuse', 'app.generic.unauth_app_access_attempt', 'user.account.lock'])(
    'takes %s for an alert',
    (eventtype) => expect(okta.read({ ...oktaLakeEvent(), eventtype, debugcontext: {} }).kind).toBe('alert'),
  );

  it('takes a refused phishing attempt for an alert', () => {
    const outcome = { result: 'FAILURE', reason: 'FastPass declined phishing attempt' };
    const record = { ...withDebug('user.authentication.auth_via_mfa', {}), outcome };
    expect(okta.read(record).kind).toBe('alert');
  });
});
