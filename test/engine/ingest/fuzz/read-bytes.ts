import { recordOfOriginal } from '../../../../engine/ingest/records/original.ts';
import { type RawRecord, readRecords } from '../../../../engine/ingest/records.ts';
import { CATALOGUE } from './format-fuzz.ts';
import type { Pick } from './mutate.ts';
import { faultOf } from './sound-alert.ts';

const NOW_MS = Date.UTC(2026, 10, 3);

/** Reads bytes as ingest does, in pieces of chance. Throws when any record comes to what must never be; gives how many alerts there were. */
export async function readSoundly(bytes: Buffer, pick: Pick): Promise<number> {
  let alerts = 0;
  for await (const batch of readRecords(pieces(bytes, pick))) {
    for (const record of batch) alerts += readRecord(record);
  }
  return alerts;
}

async function* pieces(bytes: Buffer, pick: Pick): AsyncGenerator<Uint8Array> {
  const most = [1 << 30, 60_000, 700][pick(3)] ?? 1;
  for (let from = 0; from < bytes.length; ) {
    const size = Math.max(1, most === 1 << 30 ? bytes.length : pick(most));
    yield bytes.subarray(from, from + size);
    from += size;
  }
}

function readRecord(record: RawRecord): number {
  if (record.kind === 'fault') {
    if (record.message === '' || record.line < 1) throw new Error(`a fault without reason or place: ${record.message}`);
    return 0;
  }
  const format = CATALOGUE.recognise(record.value);
  const result = format?.read(record.value, NOW_MS);
  if (format === null || result === undefined) return 0;
  const fault = faultOf(result);
  if (fault !== null) throw new Error(`${format.name}: ${fault}`);
  if (result.kind !== 'alert') return 0;
  // What is shown later is read from the stored bytes: it must be the same alert.
  const again = recordOfOriginal(record.bytes);
  const stored = again === null ? null : format.read(again, NOW_MS);
  if (stored?.kind !== 'alert' || stored.alert.stableId !== result.alert.stableId) {
    throw new Error(`${format.name}: its original reads as ${stored === null ? 'nothing' : stored.kind}`);
  }
  return 1;
}
