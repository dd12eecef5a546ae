import { join } from 'node:path';
import type { IngestReport } from '../shared/model/ingest.ts';
import { assuranceCommands } from './assurance/assurance-handlers.ts';
import { AssuranceTicker } from './assurance/assurance-tick.ts';
import { loadAssurancePolicy } from './assurance/policy.ts';
import { type Commands, joinCommands } from './commands.ts';
import { type OpenFile, openFiles } from './ingest/ahead/open-files.ts';
import { alertCommands } from './ingest/alert-commands.ts';
import { deadLetterCommands } from './ingest/dead-letter-commands.ts';
import { storeDelivery } from './ingest/delivery.ts';
import { BUILT_IN, type FormatCatalogue } from './ingest/formats/index.ts';
import { LiveCatalogue } from './ingest/formats/live-catalogue.ts';
import { OrdinaryLines } from './ingest/frame-records.ts';
import { liveSourceCommands } from './ingest/live-source-commands.ts';
import { CurrentMappings } from './ingest/mapping/current-mappings.ts';
import { type MappingDirs, NO_MAPPING_DIRS, readMappingDirs } from './ingest/mapping/mapping-files.ts';
import { createIngest, type Ingest } from './ingest/pipeline.ts';
import { searchTextBy } from './ingest/pipeline-search.ts';
import { Tally } from './ingest/pipeline-tally.ts';
import { SeenAhead } from './ingest/seen-ahead.ts';
import { sourceCommands } from './ingest/source-handlers.ts';
import { SourceSilence } from './ingest/source-silence.ts';
import { fileProblem, listAlertFiles } from './ingest/sources/file.ts';
import { appendMachineDecision } from './ledger/machine-decision.ts';
import { loadPolicies, loadStoragePolicy } from './policies.ts';
import type { Ports } from './ports.ts';
import { randomUuid } from './random-uuid.ts';
import { Upkeep } from './retention/upkeep.ts';
import { decisionCommands } from './routing/decision-commands.ts';
import { escalationCommands } from './routing/escalation-handlers.ts';
import { regroupCommands } from './routing/regroup-commands.ts';
import { viewCommands } from './routing/view-commands.ts';
import { newestSeq } from './store/feed.ts';
import { sourceById, sourceCursor } from './store/live-sources.ts';
import { openStore, type StoreTarget } from './store/open.ts';
import { openSearch } from './store/search/open-search.ts';
import type { Search } from './store/search/search.ts';
import type { Store } from './store/store.ts';
import { Ticker } from './tick.ts';
import { automationCommands } from './triage/automation-handlers.ts';
import { CurrentTriage } from './triage/current-triage.ts';
import { highSeverityCommands } from './triage/high-severity.ts';
import { backtestCommands } from './triage/history/backtest-commands.ts';
import { muteCommands } from './triage/mute-commands.ts';
import { loadTriagePolicies } from './triage/policies.ts';
import { loadPriors } from './triage/priors.ts';
import { ruleLifeCommands } from './triage/rule-life-commands.ts';
import { severityCorrectionCommands } from './triage/severity-correction-commands.ts';
import { teamCommands } from './workload/team-handlers.ts';
import {
  ChangeNews,
  type IngestProgress,
  type IngestRequest,
  InlineWriter,
  makeTransact,
  PeopleFirst,
  type Writer,
} from './writer.ts';

/** Everything that a writer is opened with. Plain JSON, so that it can be told to a worker thread. */
export interface WriterOptions {
  target: StoreTarget;
  /** Holds `policies/`, `priors/` and the tables of techniques. */
  resourcesDir: string;
  /** Rules of the workspace; a folder that does not exist holds none. */
  rulesDirs: readonly string[];
  /** Folders of mapping files: formats that the workspace adds. None when left out. */
  mappingsDirs?: MappingDirs;
  /** Where the code of the thread that reads files ahead lies; files are read on the writer's own thread without it. */
  readerUrl?: string;
  /** Policies of the workspace in place of the default ones; the folder need not exist. */
  ownPoliciesDir?: string;
}

export interface OpenWriter {
  writer: Writer;
  store: Store;
  search: Search;
  commands: Commands;
  formats: FormatCatalogue;
  /** Takes in records that are no file, such as those of the sample. */
  pipeline: Ingest;
}

/** Opens the workspace for writing: brings its tables up to date, reads rules and lists, and joins all commands. */
export async function openWriter(options: WriterOptions, ports: Ports): Promise<OpenWriter> {
  const { target, resourcesDir } = options;
  const policies = loadPolicies(join(resourcesDir, 'policies'), options.ownPoliciesDir);
  const storagePolicy = loadStoragePolicy(join(resourcesDir, 'policies'), options.ownPoliciesDir);
  const assurance = loadAssurancePolicy(join(resourcesDir, 'policies'), options.ownPoliciesDir);
  const store = await openStore({ target, log: ports.log, clock: ports.clock });
  const formats = new LiveCatalogue(BUILT_IN);
  const search = await openSearch({ store, target, textOf: searchTextBy(formats), log: ports.log });
  const news = new ChangeNews();
  const people = new PeopleFirst();
  const transact = makeTransact(store, ports, news);
  const mappings = new CurrentMappings({ store, transact, log: ports.log, formats });
  await mappings.takeUp(readMappingDirs(options.mappingsDirs ?? NO_MAPPING_DIRS));
  const triagePolicies = loadTriagePolicies(join(resourcesDir, 'policies'), options.ownPoliciesDir);
  const triage = new CurrentTriage(store, ports, {
    policies: triagePolicies,
    sla: policies.sla,
    priors: loadPriors(resourcesDir),
  });
  await triage.loadRuleFiles(transact, options.rulesDirs);
  const parts = { store, ports, triage: () => triage.get(), append: appendMachineDecision };
  const commands = joinCommands(
    decisionCommands({
      policies,
      formats,
      triage: parts.triage,
      findByText: (_db, text, limit) => search.query(text, { limit }),
    }),
    regroupCommands({ formats, triage: parts.triage }),
    viewCommands(),
    alertCommands({ triage: parts.triage, append: parts.append, formats }),
    escalationCommands(policies),
    automationCommands(),
    backtestCommands(),
    assuranceCommands({ triage: parts.triage, append: parts.append, formats, policy: assurance, sla: policies.sla }),
    ruleLifeCommands(triagePolicies.triage),
    highSeverityCommands(triagePolicies.triage),
    severityCorrectionCommands(triagePolicies.triage),
    muteCommands({ formats, newRuleId: () => randomUuid(ports.random), sla: policies.sla }),
    sourceCommands(),
    liveSourceCommands(),
    deadLetterCommands({ ...parts, formats }),
    teamCommands(),
  );
  const yieldToOthers = () => people.yieldToOthers();
  const upkeep = new Upkeep({ store, transact, policy: storagePolicy, yieldToOthers });
  const assuring = new AssuranceTicker({
    transact,
    policy: assurance,
    sla: policies.sla,
    random: ports.random,
    alerts: { triage: parts.triage, append: parts.append, formats },
    reloadTriage: () => triage.reload(),
    yieldToOthers,
  });
  const seenAhead = new SeenAhead({ transact, formats, yieldToOthers });
  const ticker = new Ticker({
    transact,
    search,
    triage: parts.triage,
    policies,
    triagePolicy: triagePolicies.triage,
    reloadTriage: () => triage.reload(),
    upkeep,
    yieldToOthers,
    assuring,
    seenAhead,
    silence: new SourceSilence({ ...parts, transact, formats }),
  });
  const letterLimits = storagePolicy.purged.dead_letter;
  const noteLarge = (groupIds: readonly number[]) => seenAhead.note(groupIds);
  const pipeline = createIngest({ ...parts, formats, letterLimits, noteLarge });
  const ordinaryLines = new OrdinaryLines(ports.clock);
  const { readerUrl } = options;
  const recordsOf = openFiles({ formats, triage: parts.triage, ...(readerUrl === undefined ? {} : { readerUrl }) });
  const publishNewest = async () => news.publish(await store.read(newestSeq));
  const writer = new InlineWriter({
    store,
    commands,
    ports,
    people,
    news,
    work: {
      tick: (nowMs) => ticker.tick(nowMs),
      reloadTriage: () => triage.reload(),
      takeUpMappings: (reading) => mappings.takeUp(reading),
      tidy: (actor) => upkeep.tidy(ports.clock.nowMs(), actor),
      ingest: (request, onProgress) =>
        ingestFiles({ pipeline, people, ports, publishNewest, recordsOf }, request, onProgress),
      deliver: async (delivery) => {
        await people.yieldToOthers();
        await seenAhead.beforeDelivery();
        const report = await storeDelivery(
          {
            pipeline,
            ordinaryLines,
            readSource: (id) => store.read((db) => sourceById(db, id)),
            readCursor: (id, name) => store.read((db) => sourceCursor(db, id, name)),
          },
          delivery,
        );
        await publishNewest();
        return report;
      },
      close: async () => {
        await search.close();
        await store.close();
      },
    },
  });
  return { writer, store, search, commands, formats, pipeline };
}

interface IngestFilesParts {
  pipeline: Ingest;
  people: PeopleFirst;
  ports: Ports;
  publishNewest(): Promise<void>;
  recordsOf: OpenFile;
}

/** Files one after the other. One that cannot be read is a problem of the report, and the others go on. */
async function ingestFiles(
  { pipeline, people, ports, publishNewest, recordsOf }: IngestFilesParts,
  request: IngestRequest,
  onProgress: IngestProgress | undefined,
): Promise<IngestReport> {
  const startedAtMs = ports.clock.nowMs();
  const { files, problems } = await listAlertFiles(request.paths);
  let done = new Tally().report(0);
  let bytesRead = 0;
  for (const path of files) {
    const base = done;
    const readBefore = bytesRead;
    const onBytes = (bytes: number): void => {
      bytesRead = readBefore + bytes;
    };
    try {
      const report = await pipeline.ingest(await recordsOf(path, request.format, onBytes), {
        origin: request.origin ?? path,
        site: request.site,
        format: request.format,
        isHistory: request.isHistory,
        yieldToOthers: () => people.isSomeoneWaiting,
        stepAside: () => people.yieldToOthers(),
        onProgress: (soFar) => {
          // Counted at once: what a file gave before it could not be read any further is stored.
          done = sumOf(base, soFar);
          onProgress?.(bytesRead, done);
          void publishNewest().catch((error) => ports.log.warn({ error: String(error) }, 'A change was not told'));
        },
      });
      done = sumOf(base, report);
    } catch (error) {
      if (!isFileError(error)) throw error;
      problems.push({ path, message: fileProblem(error) });
    }
  }
  return { ...done, problems, elapsedMs: ports.clock.nowMs() - startedAtMs };
}

/** What reading a file throws, as against what the store or a bug throws. */
function isFileError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

function sumOf(a: IngestReport, b: IngestReport): IngestReport {
  const byFormat = { ...a.byFormat };
  for (const [format, counts] of Object.entries(b.byFormat)) {
    const before = byFormat[format];
    byFormat[format] = before === undefined ? counts : addCounts(before, counts);
  }
  return {
    ...addCounts(a, b),
    autoClosed: a.autoClosed + b.autoClosed,
    queued: a.queued + b.queued,
    elapsedMs: a.elapsedMs + b.elapsedMs,
    byFormat,
    problems: [...a.problems, ...b.problems],
  };
}

type Counts = IngestReport['byFormat'][string];

function addCounts(a: Counts, b: Counts): Counts {
  return {
    read: a.read + b.read,
    stored: a.stored + b.stored,
    updated: a.updated + b.updated,
    duplicates: a.duplicates + b.duplicates,
    rejected: a.rejected + b.rejected,
    skipped: a.skipped + b.skipped,
  };
}
