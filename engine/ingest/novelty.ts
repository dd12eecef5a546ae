import { type NotableValue, notableValues } from '../../shared/domain/alert/notable-values.ts';
import type { NormalisedAlert } from '../../shared/model/alert.ts';
import { alertsOfGroups } from '../store/alerts.ts';
import { homesOf } from '../store/group-links.ts';
import { addSeen, findSeen, forgetSeen, type SeenTo, saveSeenTo, seenTo } from '../store/group-seen.ts';
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

/**
 * Tells whether alerts bring a hash, a destination or a command line that no covered alert of their group had. What
 * covered alerts said is an exact set of digests of 128 bits, read from their originals when it is first asked for: a
 * group that nobody closed costs nothing. An original that is gone counts as never seen, so that doubt reopens.
 */
export class Novelty {
  readonly #tx: Write;
  readonly #formats: FormatCatalogue;
  /** By group, as far as this transaction asked. */
  readonly #known = new Map<number, Set<string>>();
  readonly #full = new Set<number>();
  readonly #to = new Map<number, number>();

  constructor(tx: Write, formats: FormatCatalogue) {
    this.#tx = tx;
    this.#formats = formats;
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
      this.#knownOf(row.group_id).add(digestText(row.digest));
    }
  }

  /** What is new in this alert, to go on from "Opened again:"; null when there is nothing. */
  newIn(groupId: number, alert: NormalisedAlert): string | null {
    if (this.#full.has(groupId)) {
      const most = SEEN_VALUES_MAX.toLocaleString('en-US');
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

  /** Makes the kept set that of all alerts up to `through`. A closing that covers less than an earlier one starts anew. */
  async #reach(groupId: number, through: number, kept: SeenTo | undefined): Promise<void> {
    this.#known.delete(groupId);
    let from = kept?.alert_id ?? 0;
    let count = kept?.value_count ?? 0;
    if (from > through) {
      await forgetSeen(this.#tx, [groupId]);
      [from, count] = [0, 0];
    }
    if (from < through) {
      const homes = await homesOf(this.#tx, groupId);
      let after = from;
      while (count <= SEEN_VALUES_MAX) {
        const rows = await alertsOfGroups(this.#tx, homes, after, PAGE);
        const covered = rows.filter((row) => row.id <= through);
        count += await this.#learn(groupId, covered);
        after = rows.at(-1)?.id ?? through;
        if (covered.length < rows.length || rows.length < PAGE) break;
      }
      await saveSeenTo(this.#tx, { group_id: groupId, alert_id: through, value_count: count });
    }
    this.#to.set(groupId, through);
    if (count > SEEN_VALUES_MAX) this.#full.add(groupId);
    else this.#full.delete(groupId);
  }

  /** Keeps what these alerts say; answers how much of it was not kept before. */
  async #learn(groupId: number, rows: Awaited<ReturnType<typeof alertsOfGroups>>): Promise<number> {
    const places = rows.map((row) => ({ blockId: row.block_id, slot: row.slot }));
    const originals = await readOriginals(this.#tx, places);
    const digests = new Set<string>();
    for (const [i, row] of rows.entries()) {
      const original = originals[i];
      const stored = original ? readStoredAlert(this.#formats, row.format, original, row.observed_at_ms) : null;
      if (stored !== null) for (const value of notableValues(stored.alert)) digests.add(digestOf(value));
    }
    const wanted = [...digests].map((digest) => ({ group_id: groupId, digest: digestBytes(digest) }));
    const found = new Set((await findSeen(this.#tx, wanted)).map((row) => digestText(row.digest)));
    const fresh = wanted.filter((row) => !found.has(digestText(row.digest)));
    await addSeen(this.#tx, fresh);
    return fresh.length;
  }
}
