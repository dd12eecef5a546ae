import { describe, expect, it } from 'vitest';
import { zeekNotice } from '../../../../engine/ingest/formats/zeek-notice.ts';
import { zeekNoticeRecord } from '../../../fixtures/sensor-records.ts';
import { alertOf, whyNot } from './expect-alert.ts';

describe('Zeek notice', () => {
  it('reads a notice', () => {
    expect(alertOf(zeekNotice, zeekNoticeRecord())).toMatchObject({
      product: 'zeek',
      observedAtMs: Date.UTC(2026, 10, 2, 9, 30, 0, 500),
      severity: 'high',
      ruleId: 'SSH::Password_Guessing',
      category: 'SSH',
      sourceIp: '10.20.4.61',
      sourcePort: 51000,
      destinationIp: '203.0.113.95',
      destinationPort: 22,
    });
  });

  it.each([
    ['SSL::Invalid_Server_Cert', [], 'low'],
    ['SSL::Certificate_Expires_Soon', [], 'informational'],
    ['Scan::Port_Scan', ['Notice::ACTION_ALARM'], 'medium'],
    ['Scan::Address_Scan', [], 'medium'],
    ['Intel::Notice', [], 'high'],
    ['Intel::Notice', ['Notice::ACTION_EMAIL'], 'critical'],
    ['Heartbleed::SSL_Heartbeat_Attack', [], 'high'],
    ['Site::Our_Own', ['Notice::ACTION_ALARM'], 'unknown'],
  ])('ranks %s with actions %j as %s', (note, actions, severity) => {
    expect(alertOf(zeekNotice, { ...zeekNoticeRecord(), note, actions })).toMatchObject({ severity });
  });

  it('gives the same id whether the time is an epoch or a text', () => {
    const epoch = { ...zeekNoticeRecord(), ts: Date.UTC(2026, 10, 2, 9, 30) / 1000 + 0.5 };
    expect(alertOf(zeekNotice, epoch).stableId).toBe(alertOf(zeekNotice, zeekNoticeRecord()).stableId);
    expect(alertOf(zeekNotice, { ...epoch, uid: 'other' }).stableId).not.toBe(alertOf(zeekNotice, epoch).stableId);
  });

  it('reads names that a shipper has split into objects', () => {
    const {
      src: _src,
      'id.orig_h': _a,
      'id.orig_p': _b,
      'id.resp_h': _c,
      'id.resp_p': _d,
      ...rest
    } = zeekNoticeRecord();
    const record = { ...rest, id: { orig_h: '10.0.0.1', orig_p: 1, resp_h: '10.0.0.2', resp_p: 2 } };
    expect(alertOf(zeekNotice, record)).toMatchObject({
      sourceIp: '10.0.0.1',
      sourcePort: 1,
      destinationIp: '10.0.0.2',
      destinationPort: 2,
    });
  });

  it('takes the tactic that a note of the ATTACK family names', () => {
    const record = { ...zeekNoticeRecord(), note: 'ATTACK::Lateral_Movement', actions: [] };
    expect(alertOf(zeekNotice, record)).toMatchObject({ tactics: ['lateral-movement'], severity: 'high' });
  });

  it('passes over other logs, and refuses a notice without a note', () => {
    expect(whyNot(zeekNotice, { _path: 'conn', ts: 1 })).toBe('skip: a Zeek conn record, which is no notice');
    expect(whyNot(zeekNotice, { ...zeekNoticeRecord(), note: '-' })).toMatch(/^reject: it has no note/);
  });
});
