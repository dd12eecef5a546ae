import { listFields } from '../../shared/domain/alert/ecs-fields.ts';
import { EngineError } from '../../shared/model/errors.ts';
import type { NoteLookup } from '../assurance/assurance-handlers.ts';
import { type HandlerDeps, runAsCaller } from '../handler-deps.ts';
import type { Handlers, InputOf, OutputOf } from '../handlers.ts';
import { childOf, readStored } from '../routing/children.ts';
import { type AlertRow, alertById, originName, revisionsOf } from '../store/alerts.ts';
import { currentId } from '../store/group-links.ts';
import { droppedAtMs, readOriginal } from '../store/originals.ts';
import type { Read } from '../store/store.ts';
import type { FormatCatalogue } from './formats/index.ts';
import { readStoredAlert } from './stored-alert.ts';

export function alertHandlers(deps: HandlerDeps & { lookedUp?: NoteLookup }): Pick<Handlers, 'alert'> {
  const { store, lookedUp } = deps;
  return {
    alert: {
      get: async (context, { id }) => {
        const found = await store.read((db) => readAlert(db, deps.formats, id));
        await lookedUp?.(context, found.groupId);
        return found;
      },
      original: async (context, { id, revision, limit }) => {
        const { group_id } = await store.read((db) => theAlert(db, id));
        await lookedUp?.(context, group_id);
        return store.read((db) => readText(db, deps.formats, { id, revision, limit }));
      },
      create: (context, input) => runAsCaller(deps, context, 'alert.create', input),
    },
  };
}

async function theAlert(db: Read, id: number): Promise<AlertRow> {
  const row = await alertById(db, id);
  if (row === null) throw new EngineError('not_found', 'This alert does not exist.');
  return row;
}

async function readAlert(db: Read, formats: FormatCatalogue, id: number): Promise<OutputOf<'alert', 'get'>> {
  const row = await theAlert(db, id);
  const [stored = null] = await readStored(db, formats, [row]);
  return {
    alert: childOf(row, stored),
    groupId: await currentId(db, row.group_id),
    product: stored?.alert.product ?? row.format,
    format: row.format,
    stableId: row.stable_id,
    origin: await originName(db, row.origin_id),
    fields: stored === null ? [] : listFields(stored.alert),
    warnings: stored?.warnings ?? [{ field: 'raw', message: await whyUnread(db, formats, row) }],
  };
}

async function whyUnread(db: Read, formats: FormatCatalogue, row: AlertRow): Promise<string> {
  if (formats.named(row.format) !== null || formats.earlier(row.format).length > 0) return whyGone(db, row.block_id);
  return `It was read by the mapping "${row.format}", which is not in the folder of mappings any more, and nobody kept it. Put it back.`;
}

/** The text as it came; bytes that are no UTF-8 show as U+FFFD. */
async function readText(
  db: Read,
  formats: FormatCatalogue,
  { id, revision, limit }: InputOf<'alert', 'original'>,
): Promise<OutputOf<'alert', 'original'>> {
  const row = await theAlert(db, id);
  const places = await revisionsOf(db, row);
  const place = places.at(revision ?? -1);
  if (place === undefined || (revision !== null && revision < 0)) {
    throw new EngineError('not_found', `This alert has ${places.length} contents, numbered from 0.`);
  }
  const bytes = await readOriginal(db, place);
  const revisions = places.length;
  if (bytes === null)
    return { text: '', total: 0, revisions, notice: await whyGone(db, place.blockId), readBefore: null };
  const text = new TextDecoder('utf-8').decode(bytes);
  const readBefore = readStoredAlert(formats, row.format, bytes, row.observed_at_ms)?.readBefore ?? null;
  return { text: text.slice(0, limit), total: text.length, revisions, notice: null, readBefore };
}

/** Why an original cannot be shown, for people. */
async function whyGone(db: Read, blockId: number): Promise<string> {
  const atMs = await droppedAtMs(db, blockId);
  if (atMs === null) {
    return 'The original text is not there, and the storage policy did not drop it. The workspace file may be damaged: compare it with a backup.';
  }
  const day = new Date(atMs).toISOString().slice(0, 10);
  return `The original text was dropped on ${day} by the storage policy. What was decided about the alert is kept.`;
}
