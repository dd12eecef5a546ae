import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { capText, defang, showHidden, splitForMiddleCut, splitHidden } from '../../../renderer/ui/hostile.ts';

const INVISIBLE = /\p{Cf}|\p{Cc}|\p{Zl}|\p{Zp}/u;
const anyText = fc.string({ unit: 'binary', maxLength: 200 });

describe('splitHidden', () => {
  test('keeps every character, in order', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(
          splitHidden(text)
            .map((part) => part.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });

  test('leaves no control, format or separator character unmarked', () => {
    const hostile = fc.string({
      unit: fc.constantFrom(
        'a',
        '\u202e',
        '\u200b',
        '\u2066',
        '\ufeff',
        '\0',
        '\u001b',
        '\u{e0041}',
        '\u00ad',
        'ب',
        '\u2028',
      ),
    });
    fc.assert(
      fc.property(hostile, (text) => {
        for (const part of splitHidden(text)) if (part.hidden === null) expect(part.text).not.toMatch(INVISIBLE);
      }),
    );
  });

  test('names what it marks', () => {
    expect(showHidden('invoice\u202Efdp.exe')).toBe('invoice⟨RLO⟩fdp.exe');
    expect(showHidden('a\u0007b')).toBe('a⟨U+0007⟩b');
  });

  test('keeps line feeds and tabs of many-line text', () => {
    expect(splitHidden('a\n\tb', true)).toEqual([{ text: 'a\n\tb', hidden: null }]);
    expect(splitHidden('a\nb').map((part) => part.hidden)).toEqual([null, 'LF', null]);
  });
});

describe('defang', () => {
  test.each([
    ['http://evil.example.com/a.b', 'hxxp://evil[.]example[.]com/a.b'],
    ['see HTTPS://Evil.example?x=1', 'see HXXPS://Evil[.]example?x=1'],
    ['javascript:alert(1)', 'javascript[:]alert(1)'],
    ['ftp://host.example', 'ftp[:]//host.example'],
    ['10.0.0.1 talked to srv.example', '10.0.0.1 talked to srv.example'],
  ])('%s', (text, expected) => {
    expect(defang(text)).toBe(expected);
  });

  test('leaves no scheme that a program would open', () => {
    const piece = fc.constantFrom('http://', 'https://', 'HtTp://', 'a.example', '/x', ' ', '"', 'javascript:', 'x');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = defang(pieces.join(''));
        expect(text).not.toMatch(/https?:\/\//i);
      }),
    );
  });
});

describe('cutting', () => {
  test('head and tail are the whole text, and no character is split', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 40 }), (text, tailMax) => {
        const { head, tail } = splitForMiddleCut(text, tailMax);
        expect(head + tail).toBe(text);
        expect(head).not.toMatch(/[\ud800-\udbff]$/);
      }),
      { examples: [['C:\\Users\\a\\😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀', 10]] },
    );
  });

  test('keeps the end of a path and the beginning of an address', () => {
    expect(splitForMiddleCut('Note written: C:\\Users\\m\\HOW_TO.txt').tail).toBe('\\HOW_TO.txt');
    expect(splitForMiddleCut('srv-fin-db-02.corp.example.com').tail).toBe('');
    expect(splitForMiddleCut('reached hxxp://login[.]example/path').tail).toBe('');
  });

  test('caps without splitting a pair', () => {
    expect(capText('a😀b', 2)).toEqual({ text: 'a', dropped: 3 });
    expect(capText('short', 10)).toEqual({ text: 'short', dropped: 0 });
  });
});
