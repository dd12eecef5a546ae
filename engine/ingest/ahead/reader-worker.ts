import { parentPort, workerData } from 'node:worker_threads';
import { makeEnricher } from '../../../shared/domain/enrichment/enricher.ts';
import { type CompiledRule, compileRules, evaluateRules } from '../../../shared/domain/rules/rule-set.ts';
import { EngineError } from '../../../shared/model/errors.ts';
import { takesAnyLine } from '../formats/syslog.ts';
import { catalogueOfMappings } from '../mapping/mapping-catalogue.ts';
import { type Candidate, makeClassifier } from '../pipeline-classify.ts';
import type { TriageFacts } from '../pipeline-input.ts';
import { readRecords } from '../records.ts';
import { readAlertFile } from '../sources/file.ts';
import { BatchPacker, type Reading } from './packed-batch.ts';
import type { FromReader, ReaderFault, ReaderWorkerData, ToReader } from './reader-messages.ts';

/**
 * The thread that reads files ahead of the writer: splits, parses, normalises and asks the rules, while the writer
 * stores what came before. It decides nothing and has no connection. Its clock is the machine's own.
 */
const port = parentPort;
if (port === null) throw new Error('This file runs as a worker thread');
const send = (message: FromReader, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);

/** The newest formats. A batch is read by one catalogue from its first record to its last. */
let formats = { catalogue: 0, by: catalogueOfMappings((workerData as ReaderWorkerData).mappings) };

type Ask = (candidate: Candidate) => Reading;

/** Rules and lists of the newest state of triage. A batch is asked by one state from its first record to its last. */
let newest: { generation: number; ask: Ask } | null = null;
const packer = new BatchPacker();
let credit = 0;
let wake: (() => void) | null = null;
let isStopped = false;

function askOf({ documents, lookups, assets, identities, knownExploited }: TriageFacts): Ask {
  const ruleSet = compileRules(documents, lookups);
  const places = new Map<CompiledRule, number>(ruleSet.rules.map((rule, place) => [rule, place]));
  const enrich = makeEnricher({ assets, identities, knownExploited });
  return ({ alert, raw }) => {
    const enrichment = enrich(alert);
    if (alert.closedAtSource) return { enrichment, hits: [] };
    const hits = evaluateRules(ruleSet, { alert, enrichment, raw }).map(({ rule, ...hit }) => {
      return { ...hit, place: places.get(rule) ?? -1 };
    });
    return { enrichment, hits };
  };
}

/** The writer says how many batches may be on their way, so that a slow disk does not fill the memory. */
async function mayTell(): Promise<boolean> {
  while (credit === 0 && !isStopped) {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  credit -= 1;
  return !isStopped;
}

async function read(path: string, format: string): Promise<void> {
  let nowMs = Date.now();
  let bytesRead = 0;
  let asked = newest;
  let readBy = formats;
  let classify = makeClassifier(format, () => nowMs, readBy.by);
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of readAlertFile(path)) {
      bytesRead += chunk.byteLength;
      yield chunk;
    }
  }
  const tell = async (): Promise<boolean> => {
    const goesOn = await mayTell();
    const batch = packer.take(nowMs, asked?.generation ?? null, readBy.catalogue);
    if (goesOn) send({ kind: 'batch', batch, bytesRead }, [batch.bytes.buffer as ArrayBuffer]);
    nowMs = Date.now();
    asked = newest;
    // A file that is read as a format whose mapping is taken away meanwhile is read to its end by it.
    if (formats !== readBy && (format === 'auto' || formats.by.named(format) !== null)) {
      readBy = formats;
      classify = makeClassifier(format, () => nowMs, readBy.by);
    }
    return goesOn;
  };
  try {
    for await (const batch of readRecords(counted(), { takesText: takesAnyLine(format), isTransient: true })) {
      for (const record of batch) {
        const item = classify(record);
        if (item.kind === 'alert') packer.add(item, asked?.ask(item) ?? null);
        else packer.addOther(item);
        if (packer.isFull && !(await tell())) return;
      }
    }
  } finally {
    // What was read before a file could not be read any further is as good as the rest.
    if (!packer.isEmpty) await tell();
  }
}

function faultOf(error: unknown): ReaderFault {
  return {
    message: error instanceof Error ? error.message : String(error),
    engineCode: error instanceof EngineError ? error.code : null,
  };
}

port.on('message', (message: ToReader) => {
  if (message.kind === 'triage') newest = { generation: message.generation, ask: askOf(message.facts) };
  else if (message.kind === 'formats') {
    formats = { catalogue: message.catalogue, by: catalogueOfMappings(message.mappings) };
  } else if (message.kind === 'more') credit += 1;
  else if (message.kind === 'spare') packer.reuse(message.buffer);
  else if (message.kind === 'stop') {
    isStopped = true;
    port.close();
  } else {
    read(message.path, message.format).then(
      () => send({ kind: 'end' }),
      (error) => send({ kind: 'fault', fault: faultOf(error) }),
    );
  }
  wake?.();
  wake = null;
});
