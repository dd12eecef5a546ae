import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SyslogFramer } from '../../../../engine/ingest/sources/syslog-framing.ts';

interface Got {
  frames: string[];
  faults: { reason: string; bytes: number; text: string }[];
}

/** What the framer makes of these chunks. */
function framed(chunks: readonly (string | Buffer)[], { limit = 100, inOrder = true } = {}): Got {
  const got: Got = { frames: [], faults: [] };
  const framer = new SyslogFramer(limit, {
    frame: (bytes) => void got.frames.push(Buffer.from(bytes).toString('utf8')),
    fault: ({ reason, bytes, text }) => void got.faults.push({ reason, bytes, text }),
  });
  for (const chunk of chunks) framer.push(Buffer.from(chunk));
  framer.end(inOrder);
  expect(framer.heldBytes).toBe(0);
  return got;
}

it('ends messages at line breaks, carriage returns and NULs where no length stands first', () => {
  expect(framed(['<1>a\n<2>b\r\n\n<3>c\0<4>d\0\n<5>e'])).toEqual({
    frames: ['<1>a', '<2>b', '<3>c', '<4>d', '<5>e'],
    faults: [],
  });
});

it('counts octets where a length stands first, with line breaks inside and between', () => {
  expect(framed(['7 <1>a\nbc5 <2>ab\n6 <3>abc\0'])).toEqual({ frames: ['<1>a\nbc', '<2>ab', '<3>abc'], faults: [] });
});

it('takes lines that begin with digits for lines, and for a whole connection', () => {
  expect(framed(['2026-11-21T00:00:00Z host a\n12 b\n'])).toEqual({
    frames: ['2026-11-21T00:00:00Z host a', '12 b'],
    faults: [],
  });
});

it('loses one message and no more where a length is wrong or missing', () => {
  expect(framed(['4 <1>abc\n4 <2>d<3>garbage\n4 <4>e'])).toEqual({
    frames: ['<1>a', 'bc', '<2>d', '<3>garbage', '<4>e'],
    faults: [],
  });
  expect(framed(['4 <1>a999999999 <2>b\n4 <3>c']).frames).toEqual(['<1>a', '999999999 <2>b', '<3>c']);
});

it('keeps the beginning of a message that is too long, and goes on behind it', () => {
  const long = 'x'.repeat(150);
  expect(framed([`<1>${long}\n<2>b\n`])).toEqual({
    frames: ['<2>b'],
    faults: [{ reason: 'too_long', bytes: 153, text: `<1>${long}` }],
  });
  expect(framed(['<1>', long, long, '\n<2>b\n'])).toMatchObject({ frames: ['<2>b'], faults: [{ bytes: 303 }] });
  expect(framed([`153 <1>${long}4 <2>b`])).toEqual({
    frames: ['<2>b'],
    faults: [{ reason: 'too_long', bytes: 153, text: `<1>${long}` }],
  });
});

it('says what was cut off when the connection ends within a message', () => {
  expect(framed(['9 <1>ab'])).toMatchObject({ frames: [], faults: [{ reason: 'truncated' }] });
  expect(framed(['<1>a\n<2>b'], { inOrder: false })).toMatchObject({
    frames: ['<1>a'],
    faults: [{ reason: 'truncated', text: '<2>b' }],
  });
  expect(framed([`150 <1>${'x'.repeat(50)}`])).toMatchObject({
    frames: [],
    faults: [{ reason: 'too_long', bytes: 53 }],
  });
});

const message = fc.stringMatching(/^<[0-9]{1,3}>[ -~]{0,40}$/);
const cuts = fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 40 });

/** The same bytes in pieces of these sizes. */
function pieces(whole: Buffer, sizes: readonly number[]): Buffer[] {
  const all: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    all.push(whole.subarray(at, at + size));
    at += size;
  }
  return [...all, whole.subarray(at)];
}

it('gives the same messages however the stream is cut into chunks', () => {
  fc.assert(
    fc.property(fc.array(message, { minLength: 1, maxLength: 10 }), cuts, fc.boolean(), (messages, sizes, counts) => {
      const stream = messages.map((each) => (counts ? `${Buffer.byteLength(each)} ${each}` : `${each}\n`)).join('');
      expect(framed(pieces(Buffer.from(stream), sizes)).frames).toEqual(messages);
    }),
  );
});

it('ends for every stream of bytes, holds nothing after it, and makes the same of it however it is cut', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), cuts, (bytes, sizes) => {
      const whole = Buffer.from(bytes.map((byte) => [10, 0, 32, 49, 60, 255][byte % 6] ?? 0));
      const cut = framed(pieces(whole, sizes), { limit: 20 });
      const once = framed([whole], { limit: 20 });
      expect(cut.frames).toEqual(once.frames);
      expect(cut.faults.map(({ reason, bytes: size }) => ({ reason, size }))).toEqual(
        once.faults.map(({ reason, bytes: size }) => ({ reason, size })),
      );
    }),
  );
});
