import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('../../../renderer/ui/tokens.css', import.meta.url), 'utf8');

function tokensOf(scheme: 'light' | 'dark'): Map<string, string> {
  const block = new RegExp(`\\[data-mantine-color-scheme="${scheme}"\\]\\s*\\{([^}]*)\\}`).exec(css)?.[1] ?? '';
  return new Map(
    [...block.matchAll(/--ew-([a-z-]+):\s*(#[0-9a-f]{6})/g)].map((match) => [match[1] ?? '', match[2] ?? '']),
  );
}

/** Relative luminance of WCAG 2.x. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

const GROUNDS = ['ground', 'frame', 'raised', 'hover', 'selected', 'focused'];
const TEXTS = [
  'text',
  'muted',
  'accent',
  'critical',
  'high',
  'medium',
  'low',
  'informational',
  'amber',
  'red',
  'green',
];
const PAIRS: [string, string][] = [
  ['on-accent', 'accent'],
  ['on-red', 'red'],
  ['mark-text', 'mark-ground'],
  ['amber', 'amber-ground'],
  ['text', 'red-ground'],
  ['muted', 'red-ground'],
];

describe.each(['light', 'dark'] as const)('%s', (scheme) => {
  const tokens = tokensOf(scheme);
  const of = (name: string): string => {
    const value = tokens.get(name);
    if (value === undefined) throw new Error(`tokens.css has no --ew-${name} for ${scheme}`);
    return value;
  };

  test.each(GROUNDS)('text and marks are at least 4.5 : 1 on %s', (ground) => {
    for (const text of TEXTS)
      expect(contrast(of(text), of(ground)), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
  });

  test('what lies on a fill or a tint is at least 4.5 : 1', () => {
    for (const [text, ground] of PAIRS) {
      expect(contrast(of(text), of(ground)), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
  });

  test.each(GROUNDS)('borders of controls are at least 3 : 1 on %s', (ground) => {
    expect(contrast(of('line-strong'), of(ground))).toBeGreaterThanOrEqual(3);
  });
});
