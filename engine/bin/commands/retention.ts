import type { StorageRun, StorageStatus } from '../../../shared/model/storage.ts';
import { randomUuid } from '../../random-uuid.ts';
import type { Command } from '../command.ts';
import { systemRandom } from '../host-ports.ts';
import { count, countOf, type Terminal, table, utc } from '../terminal.ts';

const HELD_WORDS: Record<StorageStatus['held'][number]['by'], string> = {
  open_item: 'items that are open',
  escalation: 'escalations',
  true_positive: 'items that were found true',
  audit: 'closures that are read again',
  unclear: 'alerts that could not be told',
};

function room(bytes: number): string {
  if (bytes < 1_000_000) return `${count(Math.round(bytes / 1000))} kB`;
  return bytes < 1_000_000_000 ? `${(bytes / 1_000_000).toFixed(1)} MB` : `${(bytes / 1_000_000_000).toFixed(1)} GB`;
}

export const retentionStatusCommand: Command = {
  name: 'retention status',
  usage: '',
  summary: 'Show what originals take, what the storage policy drops next, and what is held by what',
  flags: {},
  async run({ engine, terminal }) {
    const { client } = await engine();
    const status = await client.workspace.storage({});
    return { json: status, text: describeStatus(status, terminal.columns), isOk: true };
  },
};

export const retentionRunCommand: Command = {
  name: 'retention run',
  usage: '',
  summary: 'Keep the storage policy now: drop what is due, merge small blocks, give room back to the disk',
  flags: {},
  async run({ engine, terminal }) {
    const { client } = await engine();
    const done: StorageRun = {
      droppedBlocks: 0,
      droppedRecords: 0,
      droppedBytes: 0,
      keptOriginals: 0,
      heldBlocks: 0,
      mergedBlocks: 0,
      freedBytes: 0,
      isDone: false,
    };
    const { nowMs } = await client.workspace.get({});
    while (!done.isDone) {
      const more = await client.workspace.tidyStorage({
        statement: {
          commandId: randomUuid(systemRandom),
          kind: 'storage.drop',
          subjects: null,
          subjectsDigest: null,
          basedOn: [],
          reason: null,
          claimedAtMs: nowMs,
        },
      });
      done.droppedBlocks += more.droppedBlocks;
      done.droppedRecords += more.droppedRecords;
      done.droppedBytes += more.droppedBytes;
      done.keptOriginals += more.keptOriginals;
      done.heldBlocks += more.heldBlocks;
      done.mergedBlocks += more.mergedBlocks;
      done.freedBytes += more.freedBytes;
      done.isDone = more.isDone;
      showProgress(terminal, done);
    }
    if (terminal.isWatched) terminal.err('\r\u001b[K');
    const { waitsUntilMs } = await client.workspace.storage({});
    return { json: { ...done, waitsUntilMs }, text: describeRun(done, waitsUntilMs), isOk: true };
  },
};

function showProgress(terminal: Terminal, done: StorageRun): void {
  if (!terminal.isWatched) return;
  terminal.err(
    `\r\u001b[K${count(done.droppedRecords)} originals dropped, ${count(done.mergedBlocks)} small blocks merged, ${room(done.freedBytes)} given back`,
  );
}

function describeRun(done: StorageRun, waitsUntilMs: number | null): string {
  const lines = [
    `Dropped ${countOf(done.droppedRecords, 'original')} (${room(done.droppedBytes)}). Copied ${count(done.keptOriginals)} out of their blocks, and left ${countOf(done.heldBlocks, 'block')} whole, because something refers to them.`,
    `Merged ${countOf(done.mergedBlocks, 'small block')}. Gave ${room(done.freedBytes)} back to the disk.`,
  ];
  if (waitsUntilMs !== null) {
    lines.push(`The clock leapt: what it made due is not dropped before ${utc(waitsUntilMs)}.`);
  }
  return `${lines.join('\n')}\n`;
}

function describeStatus(status: StorageStatus, width: number | null): string {
  const { policy, originals, file } = status;
  const free = file.freeBytes === null ? '' : `, ${room(file.freeBytes)} of it free`;
  const keep = Object.entries(policy.keepDays).map(([severity, days]) =>
    days === null ? `${severity} without an end` : `${severity} ${days} days`,
  );
  const size =
    policy.maxBytes === null
      ? 'No limit of size.'
      : `At most ${room(policy.maxBytes)}; above that ${policy.sizeOrder.join(', then ')} go, the oldest first, none younger than ${policy.sizeKeepDays} days.`;
  const blocks = [
    `Originals: ${count(originals.records)} in ${room(originals.storedBytes)} (${room(originals.rawBytes)} of text). The database: ${room(file.bytes)}${free}.`,
    `Policy (version ${policy.version}): ${keep.join(', ')}. ${size}`,
    table(
      [
        { title: 'Stored in', cell: (row) => row.month },
        { title: 'Severity', cell: (row) => row.severity },
        { title: 'Originals', align: 'right', cell: (row) => count(row.records) },
        { title: 'Text', align: 'right', cell: (row) => room(row.rawBytes) },
        { title: 'On the disk', align: 'right', cell: (row) => room(row.storedBytes) },
      ],
      status.byMonth,
      width,
    ).trimEnd(),
    ...status.due.map(
      ({ severity, throughDay, cause, records, storedBytes }) =>
        `Goes next: ${severity}, stored through ${throughDay}, ${cause === 'age' ? 'for its age' : 'for the size of the whole'}: ${countOf(records, 'original')}, ${room(storedBytes)}, but for what is referred to.`,
    ),
    ...status.held.map(
      ({ by, blocks, blockBytes, originals, originalBytes }) =>
        `Held by ${HELD_WORDS[by]}: ${countOf(blocks, 'whole block')} (${room(blockBytes)}) and ${countOf(originals, 'single original')} (${room(originalBytes)}).`,
    ),
  ];
  const { letters, bytes, maxBytes, letGo } = status.letters;
  if (letters + letGo > 0) {
    const atMost = maxBytes === null ? '' : ` of at most ${room(maxBytes)}`;
    const gone = letGo === 0 ? '' : ` ${countOf(letGo, 'older one')} went for room.`;
    blocks.push(`Could not be read: ${count(letters)} in ${room(bytes)}${atMost}.${gone}`);
  }
  if (status.due.length === 0) blocks.push('Nothing is due to be dropped.');
  if (status.overBytes > 0) {
    blocks.push(`${room(status.overBytes)} above the limit stay: nothing more of what the order names may go.`);
  }
  if (status.waitsUntilMs !== null) {
    blocks.push(`The clock leapt: what it made due is not dropped before ${utc(status.waitsUntilMs)}.`);
  }
  if (status.lastRun !== null) {
    const { atMs, records, storedBytes } = status.lastRun;
    blocks.push(`Last dropped: ${countOf(records, 'original')}, ${room(storedBytes)}, on ${utc(atMs)}.`);
  }
  return `${blocks.join('\n\n')}\n`;
}
