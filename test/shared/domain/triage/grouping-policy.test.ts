import { describe, expect, it } from 'vitest';
import { emptyAlert } from '../../../../engine/ingest/formats/draft.ts';
import shipped from '../../../../resources/policies/grouping.json' with { type: 'json' };
import {
  DEFAULT_GROUPING_POLICY,
  groupingPolicySchema,
  makeGrouping,
} from '../../../../shared/domain/triage/grouping-policy.ts';

const alert = () =>
  Object.assign(emptyAlert('okta'), {
    hosts: ['LAPTOP-7'],
    users: ['Ana.Ruiz'],
    sourceIp: '203.0.113.4',
    domains: ['login.example.org'],
  });

const policy = groupingPolicySchema.parse({
  ...DEFAULT_GROUPING_POLICY,
  products: {
    okta: {
      entity: ['user.name', 'source.ip'],
      windowMinutes: 60,
      rules: { spray: { entity: ['source.ip'], stormEntities: 5 }, slow: { windowMinutes: 1440 } },
    },
  },
});

describe('the grouping policy', () => {
  it('comes along with what is the default', () => {
    expect(groupingPolicySchema.parse(shipped)).toEqual(DEFAULT_GROUPING_POLICY);
  });

  it.each([
    ['falco', 'any', { minutes: 240, storm: 25, value: 'laptop-7' }],
    ['okta', 'any', { minutes: 60, storm: 25, value: 'ana.ruiz' }],
    ['okta', 'spray', { minutes: 60, storm: 5, value: '203.0.113.4' }],
    ['okta', 'slow', { minutes: 1440, storm: 25, value: 'ana.ruiz' }],
  ])('gives %s and its rule %s their own', (product, rule, expected) => {
    const grouping = makeGrouping(policy)(product, rule);
    expect({
      minutes: grouping.windowMs / 60_000,
      storm: grouping.stormEntities,
      value: grouping.entityOf(alert()).value,
    }).toEqual(expected);
  });

  it('takes the next field where an alert has not the first, and what it would be about where it has none', () => {
    const { entityOf } = makeGrouping(policy)('okta', 'any');
    expect(entityOf(Object.assign(alert(), { users: [] }))).toEqual({ kind: 'ip', value: '203.0.113.4' });
    expect(entityOf(Object.assign(alert(), { users: [], sourceIp: null }))).toEqual({
      kind: 'host',
      value: 'laptop-7',
    });
  });

  it.each([
    [{ products: { okta: { entity: ['hostname'] } } }, /An entity field is one of host\.name, source\.ip/],
    [{ products: { okta: { entity: [] } } }, /Name at least one entity field/],
    [{ products: { okta: { window: 5 } } }, /window/],
    [{ stormEntities: 1 }, /stormEntities/],
  ])('refuses %j, saying why', (change, why) => {
    expect(() => groupingPolicySchema.parse({ ...DEFAULT_GROUPING_POLICY, ...change })).toThrow(why);
  });
});
