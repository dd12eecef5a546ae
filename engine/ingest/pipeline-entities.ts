import type { Entity } from '../../shared/model/alert.ts';
import { addEntities, type GroupEntityRow, mergeEntities } from '../store/group-entities.ts';
import type { Write } from '../store/store.ts';

/** Entities that one transaction adds to groups that hold several. */
export class EntityTally {
  readonly #byGroup = new Map<number, Map<string, GroupEntityRow>>();

  add(groupId: number, entity: Entity, seen: Omit<GroupEntityRow, 'group_id' | 'kind' | 'value'>): void {
    let entities = this.#byGroup.get(groupId);
    if (entities === undefined) {
      entities = new Map();
      this.#byGroup.set(groupId, entities);
    }
    const key = `${entity.kind} ${entity.value}`;
    const row = { group_id: groupId, kind: entity.kind, value: entity.value, ...seen };
    const known = entities.get(key);
    entities.set(key, known === undefined ? row : mergeEntities(known, row));
  }

  /** Writes them and gives to `grow` how many entities each group has more than before. */
  async save(tx: Write, grow: (groupId: number, more: number) => void): Promise<void> {
    const added = [...this.#byGroup.values()].flatMap((entities) => [...entities.values()]);
    if (added.length === 0) return;
    for (const [groupId, more] of await addEntities(tx, added)) grow(groupId, more);
    this.#byGroup.clear();
  }
}
