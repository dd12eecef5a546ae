import { isJsonObject } from '../../shared/model/json.ts';
import { ASSURANCE_SEED } from '../assurance/assurance-tick.ts';
import type { RawRecord } from '../ingest/records/raw-record.ts';
import { setMeta } from '../store/meta.ts';
import { AuditWork } from './audit-work.ts';
import { fortnightUntil } from './calendar.ts';
import { actorOf, Desk } from './desk.ts';
import { generateSample, SAMPLE_SEED, type Sample } from './generate.ts';
import { assetsCsv, identitiesCsv } from './lists.ts';
import { seededRandom } from './random.ts';
import { SAMPLE_FILES, type SampleFile } from './record.ts';
import { makeRota, onShift, rotaCsv } from './rota.ts';
import { type SampleEngine, statementOf } from './sample-engine.ts';
import { ShiftWork } from './shift-work.ts';
import { SCRIPT, type ScriptedStep, storyGroups } from './stories.ts';
import { LEAD, peopleCsv, TEAM } from './team.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Alerts arrive in deliveries; close to the present in small ones, so that their clocks are believable. */
const DELIVERIES: readonly { untilEndMs: number; everyMs: number }[] = [
  { untilEndMs: 12 * HOUR_MS, everyMs: 20 * MINUTE_MS },
  { untilEndMs: 96 * HOUR_MS, everyMs: HOUR_MS },
  { untilEndMs: Number.POSITIVE_INFINITY, everyMs: 2 * HOUR_MS },
];
/** Ends of holds and the priorities of what is open: rarer than in a running workspace, because nobody watches. */
const TICK_MS = 5 * HOUR_MS;

export interface BuildSampleOptions {
  engine: SampleEngine;
  seed?: string;
  endsAtMs: number;
  /** Share of the usual noise. */
  volume?: number;
  /** Called with 0 to 1. */
  onProgress?(share: number): void;
}

/** The moment at which the clock of the engine that builds the sample has to stand. */
export function sampleStartsAtMs(endsAtMs: number): number {
  return fortnightUntil(endsAtMs).startsAtMs;
}

/**
 * Makes the sample in an empty workspace whose rules are loaded: imports lists, team and rota, then lets the fortnight
 * pass, delivery by delivery, through the real ingest, with people deciding by the real commands in between.
 */
export async function buildSample({
  engine,
  seed = SAMPLE_SEED,
  endsAtMs,
  volume = 1,
  onProgress,
}: BuildSampleOptions): Promise<Sample> {
  const sample = generateSample({ seed, endsAtMs, volume });
  const random = seededRandom(`${seed}/work`);
  const duties = makeRota(endsAtMs);
  await importLists(engine, sample, random.fork('lists'), rotaCsv(duties));
  const desk = new Desk(engine, random.fork('desk'));
  const isStory = storyGroups(sample.records);
  const work = new ShiftWork({
    desk,
    clock: engine.clock,
    random: random.fork('choices'),
    duties,
    endsAtMs,
    leaveAlone: isStory,
  });
  // What is drawn follows from the seed of the sample alone, like everything in it.
  await engine.store.write((tx) => setMeta(tx, ASSURANCE_SEED, random.fork('draws').hex(32)));
  const audits = new AuditWork({ engine, desk, random: random.fork('audits'), duties });
  const deliveries = new Deliveries(sample);
  const script = [...SCRIPT].sort((a, b) => b.hours - a.hours);
  const { startsAtMs } = fortnightUntil(endsAtMs);
  let nextTickMs = startsAtMs;
  for (let fromMs = startsAtMs; fromMs < endsAtMs; ) {
    const delivery = DELIVERIES.find((each) => endsAtMs - fromMs <= each.untilEndMs);
    const toMs = Math.min(fromMs + (delivery?.everyMs ?? HOUR_MS), endsAtMs);
    engine.clock.moveTo(fromMs);
    await work.until(toMs);
    engine.clock.moveTo(toMs);
    await deliveries.deliver(engine, toMs);
    if (toMs >= nextTickMs) {
      await engine.writer.tick(toMs);
      await audits.readSome();
      nextTickMs = toMs + TICK_MS;
    }
    for (; script[0] !== undefined && endsAtMs - script[0].hours * HOUR_MS <= toMs; script.shift()) {
      await play(script[0], desk, work, duties, toMs);
    }
    fromMs = toMs;
    onProgress?.((toMs - startsAtMs) / (endsAtMs - startsAtMs));
  }
  await engine.writer.tick(endsAtMs);
  return sample;
}

async function importLists(
  engine: SampleEngine,
  sample: Sample,
  random: { uuid(): string },
  rota: string,
): Promise<void> {
  const lists = [
    ['people', peopleCsv()],
    ['roster', rota],
    ['assets', assetsCsv(sample.company)],
    ['identities', identitiesCsv(sample.company)],
  ] as const;
  for (const [kind, csv] of lists) {
    const isTeam = kind === 'people' || kind === 'roster';
    const statement = statementOf(isTeam ? 'roster.import' : 'lists.import', {
      commandId: random.uuid(),
      claimedAtMs: engine.clock.nowMs(),
    });
    const answer = await engine.writer.run('sources.importList', { statement, kind, name: kind, csv }, actorOf(LEAD));
    const problems = isJsonObject(answer) ? answer.problems : null;
    if (!Array.isArray(problems) || problems.length > 0) {
      throw new Error(`The sample's list of ${kind} cannot be read: ${JSON.stringify(problems)}`);
    }
  }
  await engine.writer.reloadTriage();
}

/** The records of each product's file, handed over up to a time. */
class Deliveries {
  readonly #records: Sample['records'];
  #next = 0;
  readonly #lines = new Map<SampleFile, number>();

  constructor(sample: Sample) {
    this.#records = sample.records;
  }

  async deliver(engine: SampleEngine, untilMs: number): Promise<void> {
    const byFile = new Map<SampleFile, RawRecord[]>(SAMPLE_FILES.map((file) => [file, []]));
    for (
      let next = this.#records[this.#next];
      next !== undefined && next.atMs < untilMs;
      next = this.#records[this.#next]
    ) {
      const line = (this.#lines.get(next.file) ?? 0) + 1;
      this.#lines.set(next.file, line);
      const bytes = Buffer.from(JSON.stringify(next.record), 'utf8');
      byFile.get(next.file)?.push({ kind: 'record', value: next.record, bytes, line });
      this.#next += 1;
    }
    for (const [file, records] of byFile) if (records.length > 0) await engine.ingest(records, file);
  }
}

/** One scripted step by whoever is on shift, or the first of the tier where nobody is. */
async function play(
  step: ScriptedStep,
  desk: Desk,
  work: ShiftWork,
  duties: ReturnType<typeof makeRota>,
  nowMs: number,
): Promise<void> {
  const pools = await Promise.all((['tier1', 'tier2'] as const).map((tier) => desk.pool(tier, 500)));
  const ids = pools.flat().flatMap((item) => (item.title.includes(step.title) ? [item.id] : []));
  const personId =
    step.personId ?? onShift(duties, step.tier, nowMs)[0] ?? TEAM.find((each) => each.tier === step.tier)?.id;
  if (ids.length === 0 || personId === undefined) return;
  for (const id of ids) work.park(id);
  await step.act(desk, personId, ids, nowMs);
}
