import { z } from 'zod';
import type { Entity, NormalisedAlert } from '../../model/alert.ts';
import { principalEntity } from '../alert/principal-entity.ts';

/** Fields that may say what an alert is about, under the names of the Elastic Common Schema. */
export const GROUPING_FIELDS = ['host.name', 'source.ip', 'destination.ip', 'user.name', 'url.domain'] as const;
export type GroupingField = (typeof GROUPING_FIELDS)[number];

const windowMinutesSchema = z
  .number()
  .int()
  .min(1)
  .max(7 * 24 * 60);
const entitySchema = z
  .array(z.enum(GROUPING_FIELDS, { error: `An entity field is one of ${GROUPING_FIELDS.join(', ')}.` }))
  .min(1, { error: 'Name at least one entity field, or leave "entity" out.' });
const stormEntitiesSchema = z.number().int().min(2).max(100_000);

const choiceSchema = z.strictObject({
  windowMinutes: windowMinutesSchema.optional(),
  /** Tried in this order; the first that an alert has is its entity. Left out: the principal entity. */
  entity: entitySchema.optional(),
  stormEntities: stormEntitiesSchema.optional(),
});
export type GroupingChoice = z.infer<typeof choiceSchema>;

/** Which alerts are one item: within which time, about which thing, and from how many things on a rule makes a storm. Defaults of ours. */
export const groupingPolicySchema = z.strictObject({
  version: z.number().int().positive(),
  windowMinutes: windowMinutesSchema,
  /** So many entities of one rule in one window are one item. */
  stormEntities: stormEntitiesSchema,
  /** For products whose alerts come in another rhythm or are about something else, and for single rules of theirs. */
  products: z.record(z.string(), choiceSchema.extend({ rules: z.record(z.string(), choiceSchema).optional() })),
});
export type GroupingPolicy = z.infer<typeof groupingPolicySchema>;

export const DEFAULT_GROUPING_POLICY: GroupingPolicy = {
  version: 3,
  windowMinutes: 240,
  stormEntities: 25,
  // Each pause of a source is an item of its own: what a person said of one does not speak for the next.
  products: { evenwatch: { windowMinutes: 1 } },
};

/** How the alerts of one rule are grouped. */
export interface Grouping {
  windowMs: number;
  stormEntities: number;
  entityOf(alert: NormalisedAlert): Entity;
}

/** The policy looked up by product and rule: what a rule says goes before its product, that before the rest. */
export function makeGrouping(policy: GroupingPolicy): (product: string, ruleId: string) => Grouping {
  const products = new Map(
    Object.entries(policy.products).map(([product, { rules, ...own }]) => [
      product,
      {
        whole: groupingOf(policy, own),
        rules: new Map(Object.entries(rules ?? {}).map(([id, rule]) => [id, groupingOf(policy, { ...own, ...rule })])),
      },
    ]),
  );
  const rest = groupingOf(policy, {});
  return (product, ruleId) => {
    const known = products.get(product);
    return known === undefined ? rest : (known.rules.get(ruleId) ?? known.whole);
  };
}

function groupingOf(policy: GroupingPolicy, choice: GroupingChoice): Grouping {
  const { entity } = choice;
  return {
    windowMs: (choice.windowMinutes ?? policy.windowMinutes) * 60_000,
    stormEntities: choice.stormEntities ?? policy.stormEntities,
    entityOf: entity === undefined ? principalEntity : (alert) => entityByFields(alert, entity),
  };
}

/** The first of the fields that the alert has; where it has none of them, what it would be about without them. */
function entityByFields(alert: NormalisedAlert, fields: readonly GroupingField[]): Entity {
  for (const field of fields) {
    const value = fieldOf(alert, field);
    if (value !== undefined && value !== null && value !== '') {
      return { kind: KINDS[field], value: value.toLowerCase() };
    }
  }
  return principalEntity(alert);
}

const KINDS: Readonly<Record<GroupingField, Entity['kind']>> = {
  'host.name': 'host',
  'source.ip': 'ip',
  'destination.ip': 'ip',
  'user.name': 'user',
  'url.domain': 'resource',
};

function fieldOf(alert: NormalisedAlert, field: GroupingField): string | null | undefined {
  switch (field) {
    case 'host.name':
      return alert.hosts[0];
    case 'source.ip':
      return alert.sourceIp;
    case 'destination.ip':
      return alert.destinationIp;
    case 'user.name':
      return alert.users[0];
    case 'url.domain':
      return alert.domains[0];
  }
}
