import { type Silence, silenceOf } from '../../shared/domain/sources/silence.ts';
import type { Source } from '../../shared/model/source.ts';
import type { Actor, CommandContext } from '../handlers.ts';
import { listSources, markSilent, sourceHealth, sourceHours, trimSourceHours } from '../store/live-sources.ts';
import type { Tables } from '../store/schema.ts';
import type { Transact } from '../writer.ts';
import { noticeRecord } from './formats/evenwatch.ts';
import type { FormatCatalogue } from './formats/index.ts';
import { makeClassifier } from './pipeline-classify.ts';
import type { AppendMachineDecision, TriageState } from './pipeline-input.ts';
import { storeRecord } from './store-record.ts';

export interface SilenceParts {
  transact: Transact;
  triage(): TriageState;
  append: AppendMachineDecision;
  formats: FormatCatalogue;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Four weeks of habit, and one more for the pause itself. */
const KEPT_HOURS = 5 * 168;
const LOOK_EVERY_MS = MINUTE_MS;
/** Looked at more seldom than this, the machine slept or the program was away: nobody listened meanwhile. */
const AWAY_AFTER_MS = 10 * MINUTE_MS;
const ORIGIN = 'Evenwatch';
const CLOCK: Actor = { kind: 'system', id: 'clock' };

type Health = Tables['source_health'];

/**
 * Sees which sources are quiet against their habit and puts one item for each pause into the queue; when such a source
 * speaks again, its item says so, and a person decides what that was.
 */
export class SourceSilence {
  readonly #parts: SilenceParts;
  #lookedAtMs: number | null = null;
  #trimmedAtMs = Number.NEGATIVE_INFINITY;
  /** Since when each source is listened to without a break. */
  readonly #listeningSince = new Map<number, number>();

  constructor(parts: SilenceParts) {
    this.#parts = parts;
  }

  async tick(nowMs: number): Promise<void> {
    const sinceMs = this.#lookedAtMs === null ? Number.POSITIVE_INFINITY : nowMs - this.#lookedAtMs;
    if (sinceMs >= 0 && sinceMs < LOOK_EVERY_MS) return;
    this.#lookedAtMs = nowMs;
    if (sinceMs < 0 || sinceMs > AWAY_AFTER_MS) this.#listeningSince.clear();
    await this.#parts.transact(CLOCK, (context) => this.#look(context));
  }

  async #look(context: CommandContext): Promise<void> {
    const { tx, nowMs, touch } = context;
    const sources = await listSources(tx);
    const health = await sourceHealth(tx);
    if (nowMs - this.#trimmedAtMs >= HOUR_MS) {
      this.#trimmedAtMs = nowMs;
      if ((await trimSourceHours(tx, Math.floor(nowMs / HOUR_MS) - KEPT_HOURS)) > 0) touch('source');
    }
    const listening = sources.filter(({ isEnabled }) => isEnabled);
    for (const id of this.#listeningSince.keys()) {
      if (!listening.some((source) => source.id === id)) this.#listeningSince.delete(id);
    }
    for (const source of sources) {
      const row = health.get(source.id);
      if (row === undefined) continue;
      if (source.isEnabled && !this.#listeningSince.has(source.id)) this.#listeningSince.set(source.id, nowMs);
      if (row.silent_since_ms !== null) await this.#lookAtSilent(context, source, row, row.silent_since_ms);
      else if (source.isEnabled) await this.#lookAtQuiet(context, source, row);
    }
  }

  async #lookAtQuiet(context: CommandContext, source: Source, row: Health): Promise<void> {
    const { tx, nowMs } = context;
    const heardAtMs = row.last_record_at_ms;
    // Of one that never said anything there is no habit; somebody may have set a time all the same.
    if (heardAtMs === null && source.quietAfterMinutes === null) return;
    const sinceMs = Math.max(heardAtMs ?? source.createdAtMs, this.#listeningSince.get(source.id) ?? nowMs);
    if (nowMs - sinceMs < MINUTE_MS) return;
    const rows = await sourceHours(tx, Math.floor(nowMs / HOUR_MS) - KEPT_HOURS, source.id);
    const hours = new Map(rows.map(({ hour, records }) => [hour, records]));
    const silence = silenceOf({ hours, sinceMs, nowMs, quietAfterMinutes: source.quietAfterMinutes });
    if (!silence.isSilent) return;
    const silentSinceMs = heardAtMs ?? sinceMs;
    await markSilent(tx, source.id, silentSinceMs);
    await this.#tell(context, source, silentSinceMs, `${quietSentence(source, row, silence)} ${ADVICE}`);
  }

  async #lookAtSilent(context: CommandContext, source: Source, row: Health, silentSinceMs: number): Promise<void> {
    const heardAtMs = row.last_record_at_ms;
    const isHeard = heardAtMs !== null && heardAtMs > silentSinceMs;
    if (!isHeard && source.isEnabled && source.quietAfterMinutes !== 0) return;
    await markSilent(context.tx, source.id, null);
    context.touch('source');
    if (!isHeard) return;
    const pause = `It was silent from ${utc(silentSinceMs)} on and spoke again by ${utc(heardAtMs)}.`;
    await this.#tell(context, source, silentSinceMs, `${pause} Find out whether what it should have sent is lost.`);
  }

  /** The same id for the same pause: what is said later is a revision of the item and not another one. */
  async #tell(context: CommandContext, source: Source, sinceMs: number, text: string): Promise<void> {
    context.touch('source');
    const value = noticeRecord({
      id: `source-silent/${source.id}/${sinceMs}`,
      observedAtMs: sinceMs,
      rule: 'source-silent',
      ruleName: 'A source fell silent',
      title: `The source ${source.name} has fallen silent`,
      description: text,
      about: `source/${source.name}`,
    });
    const bytes = Buffer.from(JSON.stringify(value));
    const classify = makeClassifier('evenwatch', undefined, this.#parts.formats);
    const { append, formats } = this.#parts;
    const item = classify({ kind: 'record', value, bytes, line: 1 });
    const from = { origin: ORIGIN, site: source.site, isRun: false };
    await storeRecord(context, item, { triage: this.#parts.triage(), append, formats }, from);
  }
}

const ADVICE = 'Look whether it still sends, and whether anything between stops it.';

function quietSentence(source: Source, row: Health, { expected }: Silence): string {
  const last =
    row.last_record_at_ms === null
      ? 'Nothing came from it yet'
      : `The last record came at ${utc(row.last_record_at_ms)}`;
  const problem = row.problem === null ? '' : ` What is known to be wrong: ${row.problem}`;
  if (source.quietAfterMinutes !== null) {
    return `${last}. It is set to count as silent after ${source.quietAfterMinutes} minutes.${problem}`;
  }
  const usual = expected === null ? 'more' : `about ${Math.round(expected).toLocaleString('en-GB')}`;
  return `${last}. By its habit of the last weeks ${usual} records would have come since.${problem}`;
}

function utc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
