import { describe, expect, it } from 'vitest';
import { makeClassifier } from '../../../engine/ingest/pipeline-classify.ts';
import type { JsonObject } from '../../../shared/model/json.ts';
import { elasticAlert, wazuhHit } from '../../fixtures/alert-records.ts';
import { eve, recordOf } from './pipeline-setting.ts';

const hitOfElastic = (): JsonObject => ({
  _index: '.alerts-security.alerts-default',
  _id: 'a1',
  _source: elasticAlert(),
  sort: [1],
});

describe('records of several products in one file', () => {
  it.each([
    ['one way', [wazuhHit(), hitOfElastic()]],
    ['and the other', [hitOfElastic(), wazuhHit()]],
    ['with others between', [hitOfElastic(), eve(), wazuhHit(), eve({ flow: 2 })]],
  ])('are told apart although the hits of a search have the same keys, %s', (_, records) => {
    const classify = makeClassifier('auto');
    const found = records.map((record) => classify(recordOf(record)));
    expect(found.map(({ kind }) => kind)).toEqual(records.map(() => 'alert'));
    const formats = records.map((record) =>
      '_index' in record ? (String(record._index).startsWith('wazuh') ? 'wazuh' : 'elastic') : 'suricata-eve',
    );
    expect(found.map((item) => ('format' in item ? item.format : null))).toEqual(formats);
  });

  it('are all read as the one that was named', () => {
    const classify = makeClassifier('wazuh');
    expect(classify(recordOf(hitOfElastic())).kind).not.toBe('alert');
    expect(() => makeClassifier('wazhu')).toThrow('is no known format');
  });
});
