import type { Covers } from '../../shared/domain/decisions/group-transition.ts';
import type { FormatCatalogue } from '../ingest/formats/index.ts';
import { Novelty } from '../ingest/novelty.ts';
import { alertsOfGroups, newestAlertsOf } from '../store/alerts.ts';
import { homesOf } from '../store/group-links.ts';
import { newestAlertId } from '../store/group-seen.ts';
import type { DecidableRow } from '../store/group-state.ts';
import type { Write } from '../store/store.ts';
import { readStored } from './children.ts';

export type Coverage = { kind: 'covers'; covers: Covers } | { kind: 'refused'; reason: string };

/** More alerts than this since somebody looked are not read for them: they look again. */
const UNSEEN_MAX = 5_000;

/** What closings cover: exactly the alerts that the person saw, and only while nothing else says anything new. */
export class CoverageOf {
  readonly #tx: Write;
  readonly #formats: FormatCatalogue;
  readonly #novelty: Novelty;
  #newestId: number | null = null;

  constructor(tx: Write, formats: FormatCatalogue) {
    this.#tx = tx;
    this.#formats = formats;
    this.#novelty = new Novelty(tx, formats);
  }

  /** `seen` is how many alerts of the group the person saw; null is all that are there. */
  async seen(row: Pick<DecidableRow, 'id' | 'count'>, seen: number | null): Promise<Coverage> {
    this.#newestId ??= await newestAlertId(this.#tx);
    const unseen = seen === null ? 0 : row.count - seen;
    if (unseen <= 0) return { kind: 'covers', covers: { throughAlertId: this.#newestId, laterCount: 0 } };
    if (unseen > UNSEEN_MAX) return { kind: 'refused', reason: `got ${inWords(unseen)} since you looked` };
    const newest = await newestAlertsOf(this.#tx, await homesOf(this.#tx, row.id), unseen + 1);
    const last = newest.length > unseen ? newest[0] : undefined;
    if (last === undefined) return { kind: 'refused', reason: `got ${inWords(unseen)} since you looked` };
    return this.#after(row.id, last.id);
  }

  /** The same for a closing that stood once and is to stand again. */
  again(groupId: number, throughAlertId: number): Promise<Coverage> {
    return this.#after(groupId, throughAlertId);
  }

  async #after(groupId: number, throughAlertId: number): Promise<Coverage> {
    const rows = await alertsOfGroups(this.#tx, await homesOf(this.#tx, groupId), throughAlertId, UNSEEN_MAX + 1);
    if (rows.length > UNSEEN_MAX)
      return { kind: 'refused', reason: `got ${inWords(rows.length)} since it was looked at` };
    const stored = await readStored(this.#tx, this.#formats, rows);
    const alerts = stored.flatMap((one) => (one === null ? [] : [one.alert]));
    if (alerts.length < rows.length) return { kind: 'refused', reason: 'got alerts that cannot be read any more' };
    await this.#novelty.load(alerts.map((alert) => ({ groupId, throughAlertId, alert })));
    for (const alert of alerts) {
      const news = this.#novelty.newIn(groupId, alert);
      if (news !== null) return { kind: 'refused', reason: `got ${inWords(rows.length)} since, with ${news}` };
    }
    return { kind: 'covers', covers: { throughAlertId, laterCount: rows.length } };
  }
}

const inWords = (n: number): string => (n === 1 ? '1 more alert' : `${n.toLocaleString('en-US')} more alerts`);
