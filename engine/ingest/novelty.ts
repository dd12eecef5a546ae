import { type NotableValue, notableValues } from '../../shared/domain/alert/notable-values.ts';
import type { NormalisedAlert } from '../../shared/model/alert.ts';
import { alertsOfGroups } from '../store/alerts.ts';
import { homesOf } from '../store/group-links.ts';
import { addSeen, countSeen, findSeen, type SeenTo, saveSeenTo, seenTo } from '../store/group-seen.ts';
import { readOriginals } from '../store/originals.ts';
import type { Write } from '../store/store.ts';
import type { FormatCatalogue } from './formats/index.ts';
import { digestBytes, digestText, shortDigest } from './pipeline-classify.ts';
import { readStoredAlert } from './stored-alert.ts';

/** More different values than this are not told apart: what comes then is new, whatever it says. */
export const SEEN_VALUES_MAX = 20_000;
const PAGE = 2_000;
const VALUE_TOLD = 120;

const digestOf = ({ kind, value }: NotableValue): string => shortDigest(`${kind}\u0000${value}`);

/** Alerts against what a person had looked at when they closed a group. */
export interface Asked {
  groupId: number;
  /** The newest alert that the closing covers. */
  throughAlertId: number;
  alert: NormalisedAlert;
}

/** The content of an alert that was sent once more. */
export interface Revision {
  groupId: number;
  alertId: number;
  alert: NormalisedAlert;
}

/**
 * Tells whether alerts bring a hash, a destination or a command line that no covered alert of their group had. What
 * alerts said is an exact set of digests of 128 bits, each with the first alert that said it, so that the set up to any
 * alert is known from that of all. It is read from their originals: ahead for large open groups, and for others when it is
 * first asked for, so that a group that nobody closes costs nothing. An original that is gone counts as never seen, so
 * that doubt reopens.
 */
export class Novelty {
  readonly #tx: Write;
  readonly #formats: FormatCatalogue;
  readonly #valuesMax: number;
  /** By group, as far as this transaction asked. */
  readonly #known = new Map<number, Set<string>>();
  readonly #full = new Set<number>();
  readonly #to = new Map<number, number>();

  constructor(tx: Write, formats: FormatCatalogue, valuesMax = SEEN_VALUES_MAX) {
    this.#tx = tx;
    this.#formats = formats;
    this.#valuesMax = valuesMax;
  }

  /** Must have been called with everything that `newIn` is asked about. */
  async load(asked: readonly Asked[]): Promise<void> {
    const throughs = new Map(asked.map(({ groupId, throughAlertId }) => [groupId, throughAlertId]));
    const missing = [...throughs].filter(([id, through]) => this.#to.get(id) !== through);
    const kept = new Map(
      (
        await seenTo(
          this.#tx,
          missing.map(([id]) => id),
        )
      ).map((row) => [row.group_id, row]),
    );
    for (const [id, through] of missing) await this.#reach(id, through, kept.get(id));
    const wanted = new Map<string, { group_id: number; digest: Uint8Array }>();
    for (const { groupId, alert } of asked) {
      if (this.#full.has(groupId)) continue;
      const known = this.#known.get(groupId);
      for (const value of notableValues(alert)) {
        const digest = digestOf(value);
        if (known?.has(digest) !== true)
          wanted.set(`${groupId} ${digest}`, { group_id: groupId, digest: digestBytes(digest) });
      }
    }
    for (const row of await findSeen(this.#tx, [...wanted.values()])) {
      const through = this.#to.get(row.group_id) ?? 0;
      if (row.alert_id <= through) this.#knownOf(row.group_id).add(digestText(row.digest));
    }
  }

  /** What is new in this alert, to go on from "Opened again:"; null when there is nothing. */
  newIn(groupId: number, alert: NormalisedAlert): string | null {
    if (this.#full.has(groupId)) {
      const most = this.#valuesMax.toLocaleString('en-US');
      return `its alerts name more than ${most} different things, too many to know whether another one is new`;
    }
    const known = this.#known.get(groupId);
    const fresh = notableValues(alert).find((value) => known?.has(digestOf(value)) !== true);
    if (fresh === undefined) return null;
    const { kind, value } = fresh;
    const shown = value.length > VALUE_TOLD ? `${value.slice(0, VALUE_TOLD)}…` : value;
    return `a ${kind} that was not in it before: ${shown}`;
  }

  #knownOf(groupId: number): Set<string> {
    let known = this.#known.get(groupId);
    if (known === undefined) {
      known = new Set();
      this.#known.set(groupId, known);
    }
    return known;
  }

  /** Reads on to `through`, and tells whether the alerts up to there named more than can be told apart. */
  async #reach(groupId: number, through: number, kept: SeenTo | undefined): Promise<void> {
    this.#known.delete(groupId);
    const { alert_id, value_count } = await this.#read(groupId, kept, through, Number.POSITIVE_INFINITY);
    // More was read ahead than this closing covers: only what it covers counts.
    const isMoreKept = alert_id > through && value_count > this.#valuesMax;
    const count = isMoreKept ? await countSeen(this.#tx, groupId, through) : value_count;
    this.#to.set(groupId, through);
    if (count > this.#valuesMax) this.#full.add(groupId);
    else this.#full.delete(groupId);
  }

  /**
   * Reads at most so many of the newest alerts of a group that were not read yet, before anybody asks. Answers whether
   * there may be more.
   */
  async readAhead(groupId: number, limit: number): Promise<boolean> {
    const [kept] = await seenTo(this.#tx, [groupId]);
    const before = kept?.alert_id ?? 0;
    const { alert_id, value_count } = await this.#read(groupId, kept, Number.POSITIVE_INFINITY, limit);
    return alert_id > before && value_count <= this.#valuesMax;
  }

  /** Keeps what known alerts say since they were sent once more, for groups of which they were read already. */
  async keepRevised(revisions: readonly Revision[]): Promise<void> {
    const kept = await seenTo(this.#tx, [...new Set(revisions.map(({ groupId }) => groupId))]);
    for (const row of kept) {
      const own = revisions.filter(({ groupId, alertId }) => groupId === row.group_id && alertId <= row.alert_id);
      const added = await this.#keep(row.group_id, own);
      if (added > 0) await saveSeenTo(this.#tx, { ...row, value_count: row.value_count + added });
    }
  }

  /** Reads the alerts behind those that were read, up to `through`, and keeps how far it came. */
  async #read(groupId: number, kept: SeenTo | undefined, through: number, limit: number): Promise<SeenTo> {
    let to: SeenTo = kept ?? { group_id: groupId, alert_id: 0, value_count: 0 };
    if (to.alert_id >= through || to.value_count > this.#valuesMax) return to;
    const homes = await homesOf(this.#tx, groupId);
    for (let left = limit; left > 0 && to.value_count <= this.#valuesMax; ) {
      const size = Math.min(PAGE, left);
      const rows = await alertsOfGroups(this.#tx, homes, to.alert_id, size);
      const covered = rows.filter((row) => row.id <= through);
      const value_count = to.value_count + (await this.#learn(groupId, covered));
      const isAtEnd = covered.length < size;
      const last = covered.at(-1)?.id ?? to.alert_id;
      to = { ...to, alert_id: isAtEnd && Number.isFinite(through) ? through : last, value_count };
      left -= covered.length;
      if (isAtEnd) break;
    }
    await saveSeenTo(this.#tx, to);
    return to;
  }

  /** Keeps what these alerts say; answers how much of it was not kept before. */
  async #learn(groupId: number, rows: Awaited<ReturnType<typeof alertsOfGroups>>): Promise<number> {
    const places = rows.map((row) => ({ blockId: row.block_id, slot: row.slot }));
    const originals = await readOriginals(this.#tx, places);
    const said = rows.flatMap((row, i) => {
      const original = originals[i];
      const stored = original ? readStoredAlert(this.#formats, row.format, original, row.observed_at_ms) : null;
      return stored === null ? [] : [{ alertId: row.id, alert: stored.alert }];
    });
    return this.#keep(groupId, said);
  }

  async #keep(groupId: number, said: readonly Pick<Revision, 'alertId' | 'alert'>[]): Promise<number> {
    const first = new Map<string, number>();
    for (const { alertId, alert } of said) {
      for (const value of notableValues(alert)) {
        const digest = digestOf(value);
        first.set(digest, Math.min(alertId, first.get(digest) ?? alertId));
      }
    }
    const rows = [...first].map(([digest, alert_id]) => ({ group_id: groupId, digest: digestBytes(digest), alert_id }));
    const known = new Map((await findSeen(this.#tx, rows)).map((row) => [digestText(row.digest), row.alert_id]));
    const isNews = (digest: string, alertId: number): boolean =>
      alertId < (known.get(digest) ?? Number.POSITIVE_INFINITY);
    await addSeen(
      this.#tx,
      rows.filter((row) => isNews(digestText(row.digest), row.alert_id)),
    );
    return rows.length - known.size;
  }
}
