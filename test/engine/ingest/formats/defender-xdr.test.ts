import { describe, expect, it } from 'vitest';
import { defenderXdr } from '../../../../engine/ingest/formats/defender-xdr.ts';
import { huntingAlert, huntingRecord } from '../../../fixtures/cloud-records.ts';
import { alertOf, whyNot } from './expect-alert.ts';

describe('Defender XDR stream', () => {
  it('reads AlertInfo', () => {
    expect(alertOf(defenderXdr, huntingAlert())).toMatchObject({
      product: 'microsoft defender',
      stableId: 'da11223344_1',
      observedAtMs: Date.UTC(2026, 10, 2, 6, 29, 0, 765),
      severity: 'medium',
      tactics: ['execution'],
      techniques: ['T1218', 'T1218.011'],
    });
  });

  it('passes over evidence and telemetry, and says whose evidence it is', () => {
    const evidence = huntingRecord('AlertEvidence', { AlertId: 'da11223344_1', EntityType: 'Ip' });
    expect(whyNot(defenderXdr, evidence)).toBe(
      'skip: evidence of the Defender alert da11223344_1, which comes in a record of its own',
    );
    expect(whyNot(defenderXdr, huntingRecord('DeviceProcessEvents', {}))).toMatch(
      /^skip: a Defender DeviceProcessEvents/,
    );
    expect(whyNot(defenderXdr, huntingRecord('AlertInfo', { Title: 'x' }))).toMatch(
      /^reject: it has no properties.AlertId/,
    );
  });
});
