import { describe, expect, it } from 'vitest';
import { proofpoint } from '../../../../engine/ingest/formats/proofpoint.ts';
import type { JsonObject } from '../../../../shared/model/json.ts';
import { proofpointMessage } from '../../../fixtures/sensor-records.ts';
import { alertOf, whyNot } from './expect-alert.ts';

const threats = (...states: string[]): JsonObject[] =>
  states.map((threatStatus, i) => ({
    threatID: `t${i}`,
    threatType: 'url',
    threat: `http://x${i}.test`,
    threatStatus,
  }));

describe('Proofpoint TAP', () => {
  it('reads a mail', () => {
    expect(alertOf(proofpoint, proofpointMessage())).toMatchObject({
      product: 'proofpoint',
      observedAtMs: Date.UTC(2026, 10, 2, 9, 10),
      title: 'Malware and phish in a mail: Invoice overdue',
      severity: 'critical',
      severityScore: 92,
      ruleId: 'mail:malware+phish',
      users: ['ana@corp.example', 'omar@corp.example'],
      sourceIp: '192.0.2.55',
      hashes: { md5: ['12'.repeat(16)], sha1: [], sha256: ['ab'.repeat(32), 'cd'.repeat(32)] },
      urls: ['https://pay.example.test/now'],
      domains: ['mail.example.test', 'pay.example.test'],
      sourceAction: null,
      closedAtSource: false,
      tags: ['campaign:c9'],
    });
  });

  it('reads a click', () => {
    const click = {
      id: 'click-1',
      clickTime: '2026-11-02T09:30:00Z',
      threatTime: '2026-11-02T09:00:00Z',
      threatID: 't9',
      classification: 'phish',
      url: 'https://pay.example.test/now',
      clickIP: '198.51.100.9',
      senderIP: '192.0.2.55',
      recipient: 'ana@corp.example',
      threatStatus: 'active',
    };
    expect(proofpoint.recognises(click)).toBe(1);
    expect(alertOf(proofpoint, click)).toMatchObject({
      stableId: 'click-1',
      title: 'Click on a link: phish: https://pay.example.test/now',
      severity: 'high',
      users: ['ana@corp.example'],
      sourceIp: '198.51.100.9',
    });
  });

  it.each([
    [['cleared', 'falsePositive'], true],
    [['cleared', 'active'], false],
    [[], false],
  ])('with threats %j enters closed: %s', (states, closedAtSource) => {
    const record = { ...proofpointMessage(), threatsInfoMap: threats(...states) };
    expect(alertOf(proofpoint, record)).toMatchObject({ closedAtSource });
  });

  it('gives a mail a new id when a further threat is found in it, whatever their order', () => {
    const [a, b] = [threats('active', 'active'), threats('active', 'active').reverse()];
    const id = (threatsInfoMap: JsonObject[]) =>
      alertOf(proofpoint, { ...proofpointMessage(), threatsInfoMap }).stableId;
    expect(id(a)).toBe(id(b));
    expect(id(a)).not.toBe(id(threats('active')));
  });

  it('passes over mail in which nothing was found, and an answer that holds nothing', () => {
    const clean = { messageTime: '2026-11-02T09:10:00Z', messageID: '<a>', phishScore: 0, spamScore: 0 };
    expect(whyNot(proofpoint, clean)).toMatch(/^skip: a mail in which/);
    const answer = { queryEndTime: '2026-11-02T09:10:00Z', messagesDelivered: [], clicksPermitted: [] };
    expect(proofpoint.recognises(answer)).toBe(1);
    const blocked = {
      clicksBlocked: { clickTime: '2026-11-02T09:10:00Z', threatID: 't', url: 'https://a.example.test' },
    };
    expect(proofpoint.recognises(blocked)).toBe(1);
    expect(alertOf(proofpoint, blocked)).toMatchObject({ sourceAction: 'blocked', urls: ['https://a.example.test'] });
    const permitted = { clicksPermitted: blocked.clicksBlocked };
    expect(alertOf(proofpoint, permitted)).toMatchObject({ sourceAction: 'allowed' });
    expect(whyNot(proofpoint, answer)).toMatch(/^skip: an answer of Proofpoint without/);
  });
});
