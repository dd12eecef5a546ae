import type { NormalisedAlert } from '../../shared/model/alert.ts';
import { EngineError } from '../../shared/model/errors.ts';
import type { FormatCatalogue } from '../ingest/formats/index.ts';
import { readStored } from '../routing/children.ts';
import { newestAlertRowOf } from '../store/alerts.ts';
import { groupById } from '../store/group-detail.ts';
import { currentId, homesOf } from '../store/group-links.ts';
import type { Tables } from '../store/schema.ts';
import type { Read } from '../store/store.ts';

/** The newest alert of an item, read from its original, with the item that it lies in. */
export async function newestAlertOf(
  db: Read,
  formats: FormatCatalogue,
  askedId: number,
): Promise<{ alert: NormalisedAlert; group: Tables['alert_group'] }> {
  const id = await currentId(db, askedId);
  const group = await groupById(db, id);
  if (group === null) throw new EngineError('not_found', 'This item does not exist.');
  const row = await newestAlertRowOf(db, await homesOf(db, id));
  const [stored] = row === null ? [] : await readStored(db, formats, [row]);
  if (stored === null || stored === undefined) {
    throw new EngineError('not_found', 'The original of this alert is no longer kept, so no rule can be made from it.');
  }
  return { alert: stored.alert, group };
}
