import { gzipSync } from 'node:zlib';

/** Whole numbers from 0 up to, and not with, `below`: the same for the same seed (mulberry32). */
export type Pick = (below: number) => number;

export function seeded(seed: number): Pick {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % Math.max(1, below);
  };
}

/** What stands between the words of every format here. */
const TOKEN = /[A-Za-z0-9_.-]+|[^A-Za-z0-9_.-]/g;
const SPLICES = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  ':',
  '\n',
  '\r\n',
  '\t',
  '|',
  '=',
  '\\',
  '\0',
  '\ufeff',
  '\ud800',
  '#',
  ' ',
  '{"a":',
  '<13>',
];

type Mutation = (bytes: Buffer, pick: Pick) => Buffer;

const flipBytes: Mutation = (bytes, pick) => {
  const changed = Buffer.from(bytes);
  for (let n = 1 + pick(8); n > 0; n--) changed[pick(changed.length)] = pick(256);
  return changed;
};

const flipBits: Mutation = (bytes, pick) => {
  const changed = Buffer.from(bytes);
  for (let n = 1 + pick(8); n > 0; n--) {
    const at = pick(changed.length);
    changed[at] = (changed[at] ?? 0) ^ (1 << pick(8));
  }
  return changed;
};

const cutEnd: Mutation = (bytes, pick) => bytes.subarray(0, pick(bytes.length));
const cutStart: Mutation = (bytes, pick) => bytes.subarray(pick(bytes.length));

const cutOut: Mutation = (bytes, pick) => {
  const from = pick(bytes.length);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + pick(2_000))]);
};

const double: Mutation = (bytes, pick) => {
  const from = pick(bytes.length);
  const part = bytes.subarray(from, from + pick(2_000));
  return Buffer.concat([bytes.subarray(0, from), part, part, bytes.subarray(from + part.length)]);
};

const insert: Mutation = (bytes, pick) => {
  const at = pick(bytes.length);
  const marks = Buffer.from(Array.from({ length: 1 + pick(5) }, () => SPLICES[pick(SPLICES.length)]).join(''));
  return Buffer.concat([bytes.subarray(0, at), marks, bytes.subarray(at)]);
};

/** Words and marks taken away, doubled or exchanged, within a piece, so that what comes out is nearly right. */
const shuffleTokens: Mutation = (bytes, pick) => {
  const from = pick(bytes.length);
  const tokens = bytes.toString('latin1', from, from + 4_000).match(TOKEN) ?? [];
  for (let n = 1 + pick(10); n > 0 && tokens.length > 1; n--) {
    const at = pick(tokens.length);
    const kind = pick(3);
    if (kind === 0) tokens.splice(at, 1);
    else if (kind === 1) tokens.splice(at, 0, tokens[at] ?? '');
    else [tokens[at], tokens[0]] = [tokens[0] ?? '', tokens[at] ?? ''];
  }
  return Buffer.concat([bytes.subarray(0, from), Buffer.from(tokens.join(''), 'latin1'), bytes.subarray(from + 4_000)]);
};

const growNumber: Mutation = (bytes, pick) => {
  const text = bytes.toString('latin1');
  const digits = [...text.matchAll(/\d+/g)];
  const chosen = digits[pick(digits.length)];
  if (chosen === undefined) return bytes;
  const grown = ['9'.repeat(40), '-1', '1e999', '00', '0'][pick(5)] ?? '0';
  return Buffer.from(text.slice(0, chosen.index) + grown + text.slice(chosen.index + chosen[0].length), 'latin1');
};

const otherEncoding: Mutation = (bytes, pick) => {
  const text = bytes.toString('utf8');
  switch (pick(6)) {
    case 0:
      return Buffer.from(`\ufeff${text}`, 'utf16le');
    case 1:
      return Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
    case 2:
      return Buffer.from(text, 'utf16le');
    case 3:
      return Buffer.from(`\ufeff${text}`);
    case 4:
      return Buffer.from(text.replaceAll('e', '\u00e9'), 'latin1');
    default:
      return gzipSync(bytes).subarray(0, 20 + pick(bytes.length));
  }
};

const lineEnds: Mutation = (bytes, pick) =>
  Buffer.from(bytes.toString('latin1').replaceAll('\n', ['\r\n', '\r', '\n\n', ''][pick(4)] ?? ''), 'latin1');

const MUTATIONS: readonly Mutation[] = [
  flipBytes,
  flipBits,
  cutEnd,
  cutStart,
  cutOut,
  double,
  insert,
  shuffleTokens,
  growNumber,
  otherEncoding,
  lineEnds,
];

/** The bytes with one to three kinds of damage. */
export function mutated(bytes: Buffer, pick: Pick): Buffer {
  let result = bytes;
  for (let n = 1 + pick(3); n > 0; n--) result = (MUTATIONS[pick(MUTATIONS.length)] ?? flipBytes)(result, pick);
  return result;
}
