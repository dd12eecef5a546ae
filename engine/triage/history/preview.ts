import type { FieldSubject } from '../../../shared/domain/alert/ecs-fields.ts';
import { parseRule } from '../../../shared/domain/rules/parse-rule.ts';
import type { NormalisedAlert } from '../../../shared/model/alert.ts';
import type { RulePreview } from '../../../shared/model/rule-life.ts';
import { type Disposition, type Severity, severityOfRank } from '../../../shared/model/vocabulary.ts';
import type { FormatCatalogue } from '../../ingest/formats/index.ts';
import type { TriageState } from '../../ingest/pipeline-input.ts';
import { readStoredAlert } from '../../ingest/stored-alert.ts';
import { listLookups } from '../../store/entity-lists.ts';
import { currentIds } from '../../store/group-links.ts';
import { alertsAfter, groupsOfHistory, type HistoryAlert, newestAlertId } from '../../store/history.ts';
import { readOriginals } from '../../store/originals.ts';
import type { Read } from '../../store/store.ts';
import { Candidate, type Verdict } from './candidate.ts';

/** The newest alerts that a text is tried on while it is written. */
export const PREVIEW_ALERTS = 10_000;
const SAMPLES = 10;
const SLICE = 2_000;

interface Recent {
  row: HistoryAlert;
  subject: FieldSubject;
}

/** The newest alerts as rules see them, kept in memory from one change of the text to the next. */
export class RecentAlerts {
  readonly #formats: FormatCatalogue;
  readonly #enrich: TriageState['enrich'];
  #recent: Recent[] = [];
  #lastId = 0;
  #refreshing: Promise<unknown> = Promise.resolve();

  constructor(formats: FormatCatalogue, enrich: TriageState['enrich']) {
    this.#formats = formats;
    this.#enrich = enrich;
  }

  /** Reads what came since, and lets the oldest go. One at a time: two at once would take the same alerts twice. */
  refresh(db: Read): Promise<readonly Recent[]> {
    const refreshed = this.#refreshing.then(() => this.#refresh(db));
    this.#refreshing = refreshed.catch(() => {});
    return refreshed;
  }

  /** Ids are given in order, so that what is missing is at the end. */
  async #refresh(db: Read): Promise<readonly Recent[]> {
    const newest = await newestAlertId(db);
    let afterId = Math.max(this.#lastId, newest - PREVIEW_ALERTS);
    while (afterId < newest) {
      const rows = await alertsAfter(db, afterId, SLICE);
      if (rows.length === 0) break;
      await this.#take(db, rows);
      afterId = rows.at(-1)?.id ?? newest;
      // With each slice: the next one may fail, and what was taken is not to be taken again.
      this.#lastId = afterId;
    }
    this.#recent = this.#recent.slice(-PREVIEW_ALERTS);
    return this.#recent;
  }

  async #take(db: Read, rows: readonly HistoryAlert[]): Promise<void> {
    const places = rows.map((row) => ({ blockId: row.block_id, slot: row.slot }));
    const originals = await readOriginals(db, places);
    for (const [i, row] of rows.entries()) {
      const original = originals[i];
      const stored = original ? readStoredAlert(this.#formats, row.format, original, row.observed_at_ms) : null;
      if (stored === null) continue;
      const { alert, raw } = stored;
      this.#recent.push({ row, subject: { alert, raw, enrichment: this.#enrich(alert) } });
    }
  }
}

/** What a text would do on the newest alerts; null while it cannot be read. */
export async function previewRule(
  db: Read,
  recent: RecentAlerts,
  text: string,
  severityOf: (alert: NormalisedAlert) => Severity,
): Promise<RulePreview | null> {
  const { rule } = parseRule(text);
  if (rule === null) return null;
  const candidate = new Candidate(rule, await listLookups(db), severityOf);
  if (candidate.problem !== null) return null;
  const alerts = await recent.refresh(db);
  const found: { row: HistoryAlert; verdict: Verdict; subject: FieldSubject }[] = [];
  let unknown = 0;
  for (const { row, subject } of alerts) {
    if (row.closed_at_source === 1 || !candidate.mayConcern(subject.alert)) continue;
    const verdict = candidate.judge(subject);
    if (verdict.result === 'unknown') unknown += 1;
    if (verdict.result === 'match') found.push({ row, verdict, subject });
  }
  const acting = found.filter(({ verdict }) => verdict.guard === null);
  const known = await dispositions(
    db,
    acting.map(({ row }) => row.group_id),
  );
  const truePositive = ({ row }: (typeof found)[number]) => known.get(row.group_id)?.disposition === 'true_positive';
  const newestOfGroup = [...new Map(found.map((each) => [each.row.group_id, each])).values()].reverse();
  const shown = newestOfGroup.toSorted((a, b) => Number(truePositive(b)) - Number(truePositive(a))).slice(0, SAMPLES);
  return {
    alerts: alerts.length,
    matched: found.length,
    wouldClose: candidate.closes ? acting.length : 0,
    withheld: found.length - acting.length,
    unknown,
    truePositives: candidate.closes ? acting.filter(truePositive).length : 0,
    samples: shown.map(({ row, subject }) => ({
      groupId: known.get(row.group_id)?.id ?? row.group_id,
      title: subject.alert.title.slice(0, 300),
      severity: severityOfRank(row.severity),
      entity: known.get(row.group_id)?.entity ?? subject.alert.hosts[0] ?? subject.alert.sourceIp ?? '',
      observedAtMs: row.observed_at_ms,
      disposition: known.get(row.group_id)?.disposition ?? null,
      matched: candidate.explain(subject),
    })),
  };
}

interface Known {
  id: number;
  disposition: Disposition | null;
  entity: string;
}

/** What people said of the items that these groups live in now. Machines' words do not count. */
async function dispositions(db: Read, groupIds: readonly number[]): Promise<Map<number, Known>> {
  const ids = [...new Set(groupIds)];
  const links = await currentIds(db, ids);
  const groups = await groupsOfHistory(db, [...new Set(ids.map((id) => links.get(id) ?? id))]);
  const byId = new Map(groups.map((group) => [group.id, group]));
  return new Map(
    ids.flatMap((id): [number, Known][] => {
      const group = byId.get(links.get(id) ?? id);
      if (group === undefined) return [];
      const said = group.closed_by_kind === 'rule' ? null : (group.disposition as Disposition | null);
      return [[id, { id: group.id, disposition: said, entity: group.entity_value }]];
    }),
  );
}
