import { EngineError } from '../../shared/model/errors.ts';
import type { GroupEntity } from '../../shared/model/queue.ts';
import { severityOfRank } from '../../shared/model/vocabulary.ts';
import { type EntityPlace, entitiesAfter, type GroupEntityRow } from '../store/group-entities.ts';
import type { Read } from '../store/store.ts';

export interface EntityPage {
  entities: GroupEntity[];
  nextCursor: string | null;
}

/** A page of the things that a group of many is about: the most severe first, then the most frequent. */
export async function readEntities(
  db: Read,
  groupId: number,
  cursor: string | null,
  limit: number,
): Promise<EntityPage> {
  const found = await entitiesAfter(db, groupId, cursor === null ? null : placeOf(cursor), limit + 1);
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  return { entities: rows.map(entityOf), nextCursor: last === undefined ? null : cursorOf(last) };
}

function entityOf(row: GroupEntityRow): GroupEntity {
  return {
    entity: { kind: row.kind as GroupEntity['entity']['kind'], value: row.value },
    count: row.count,
    severity: severityOfRank(row.severity),
    firstObservedAtMs: row.first_observed_at_ms,
    lastObservedAtMs: row.last_observed_at_ms,
  };
}

function cursorOf({ severity, count, kind, value }: EntityPlace): string {
  return Buffer.from(JSON.stringify([severity, count, kind, value])).toString('base64url');
}

function placeOf(cursor: string): EntityPlace {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(parts)) {
      const [severity, count, kind, value] = parts;
      if (
        Number.isSafeInteger(severity) &&
        Number.isSafeInteger(count) &&
        typeof kind === 'string' &&
        typeof value === 'string'
      ) {
        return { severity, count, kind, value };
      }
    }
  } catch {
    // Told below, like every other text that is no cursor.
  }
  throw new EngineError('invalid_input', 'This place in the list is not known. Start from the top.');
}
