import type { Entity } from '../../model/alert.ts';

const WORDS: Readonly<Record<Entity['kind'], readonly [one: string, many: string]>> = {
  host: ['host', 'hosts'],
  ip: ['address', 'addresses'],
  user: ['user', 'users'],
  resource: ['resource', 'resources'],
  none: ['thing', 'things'],
};

/** "5,000 hosts". */
export function thingsInWords(kind: Entity['kind'], n: number): string {
  return `${n.toLocaleString('en-US')} ${WORDS[kind][n === 1 ? 0 : 1]}`;
}

/** "host". */
export function thingInWords(kind: Entity['kind']): string {
  return WORDS[kind][0];
}

/** True for what a storm is about: many things, and no first among them. */
export function isAboutMany(item: { entity: Entity; entityCount: number }): boolean {
  return item.entityCount > 1 && item.entity.value === '';
}

/** What an item is about in a few words: "dc-2", "dc-2 and 3 more", "5,000 hosts". Empty when nothing is named. */
export function entityInWords(item: { entity: Entity; entityCount: number }): string {
  const { entity, entityCount } = item;
  if (isAboutMany(item)) return thingsInWords(entity.kind, entityCount);
  return entityCount > 1 ? `${entity.value} and ${entityCount - 1} more` : entity.value;
}
