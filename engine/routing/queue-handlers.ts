import { EngineError } from '../../shared/model/errors.ts';
import type { NoteLookup } from '../assurance/assurance-handlers.ts';
import { callerOf, type HandlerDeps, runAsCaller } from '../handler-deps.ts';
import type { Handlers } from '../handlers.ts';
import { digestOfIds } from '../ledger/entry.ts';
import { newestSeq } from '../store/feed.ts';
import { currentId, homesOf } from '../store/group-links.ts';
import { personById } from '../store/people.ts';
import { readFacets } from '../store/queue-facets.ts';
import { itemsOf } from '../store/queue-items.ts';
import { readPage } from '../store/queue-page.ts';
import { viewsFor } from '../store/views.ts';
import { readChildren } from './children.ts';
import { type DetailDeps, readDetail } from './group-detail.ts';
import { readEntities } from './group-entities.ts';
import { nextItem, type PutOff } from './next-item.ts';
import { type FindByText, isTextCut, resolveFilter } from './resolve-filter.ts';
import { idsThatMatch } from './selection.ts';

export interface QueueDeps extends HandlerDeps {
  findByText: FindByText;
  detail: DetailDeps;
  putOff: PutOff;
  /** Told of every item that somebody looks at whole. */
  lookedUp?: NoteLookup;
}

export function queueHandlers(deps: QueueDeps): Pick<Handlers, 'queue'> {
  const { store, ports, findByText, detail, putOff, lookedUp } = deps;
  return {
    queue: {
      list: ({ session }, { filter, sort, cursor, limit }) =>
        store.read(async (db) => {
          const resolved = await resolveFilter(db, filter, session.personId, findByText);
          const page = await readPage(db, resolved, { sort, cursor, limit });
          return {
            items: await itemsOf(db, page.rows),
            nextCursor: page.nextCursor,
            total: isTextCut(resolved) ? null : page.total,
            seq: await newestSeq(db),
            asOfMs: ports.clock.nowMs(),
          };
        }),
      facets: ({ session }, { state }) => store.read((db) => readFacets(db, state, session.personId)),
      prepare: ({ session }, { filter, exceptIds }) =>
        store.read(async (db) => {
          const resolved = await resolveFilter(db, filter, session.personId, findByText);
          const ids = await idsThatMatch(db, resolved);
          const except = new Set(exceptIds);
          const covered = ids.filter((id) => !except.has(id));
          return { count: covered.length, digest: digestOfIds(covered) };
        }),
      next: async ({ session }) =>
        store.read(async (db) => {
          const person = session.personId === null ? null : await personById(db, session.personId);
          if (person === null) return { item: null, why: 'You are not on the team list, so no tier is yours.' };
          return nextItem(db, person, putOff, ports.clock.nowMs());
        }),
      get: async (context, { id }) => {
        await lookedUp?.(context, id);
        return store.read((db) => readDetail(db, id, detail, ports.clock.nowMs()));
      },
      alerts: async (context, { id, cursor, limit }) => {
        await lookedUp?.(context, id);
        return store.read(async (db) => {
          const homes = await homesOf(db, await currentId(db, id));
          const { alerts, nextCursor } = await readChildren(db, deps.formats, homes, afterIdOf(cursor), limit);
          return { alerts, nextCursor };
        });
      },
      entities: (_context, { id, cursor, limit }) =>
        store.read(async (db) => readEntities(db, await currentId(db, id), cursor, limit)),
      views: ({ session }) => store.read((db) => viewsFor(db, session.personId ?? '')),
      saveView: (context, input) => runAsCaller(deps, context, 'queue.saveView', input),
      deleteView: (context, input) => runAsCaller(deps, context, 'queue.deleteView', input),
    },
  };
}

export function decisionHandlers(deps: QueueDeps): Pick<Handlers, 'decisions'> {
  const { store, ports, putOff } = deps;
  return {
    decisions: {
      acknowledge: (context, input) => runAsCaller(deps, context, 'decisions.acknowledge', input),
      assign: (context, input) => runAsCaller(deps, context, 'decisions.assign', input),
      dispose: (context, input) => runAsCaller(deps, context, 'decisions.dispose', input),
      reopen: (context, input) => runAsCaller(deps, context, 'decisions.reopen', input),
      escalate: (context, input) => runAsCaller(deps, context, 'decisions.escalate', input),
      hold: (context, input) => runAsCaller(deps, context, 'decisions.hold', input),
      notNow: async (context, input) => {
        const { id } = await callerOf(context, store);
        putOff.add(id, input.id, ports.clock.nowMs());
        return runAsCaller(deps, context, 'decisions.notNow', input);
      },
      tag: (context, input) => runAsCaller(deps, context, 'decisions.tag', input),
      note: (context, input) => runAsCaller(deps, context, 'decisions.note', input),
      join: (context, input) => runAsCaller(deps, context, 'decisions.join', input),
      split: (context, input) => runAsCaller(deps, context, 'decisions.split', input),
      undo: (context, input) => runAsCaller(deps, context, 'decisions.undo', input),
    },
  };
}

function afterIdOf(cursor: string | null): number {
  if (cursor === null) return 0;
  const id = /^\d{1,15}$/.test(cursor) ? Number(cursor) : null;
  if (id === null) throw new EngineError('invalid_input', 'This place in the list is not known. Start from the top.');
  return id;
}
