/**
 * Ids of alerts as one short text: the first as it is, each further one as its distance to the one before. A block
 * mostly holds alerts that came one after the other, so that an id takes two or three bytes.
 * Ids that commas part stand as they are.
 */
export function writeAlertList(ids: readonly number[]): string {
  let before = 0;
  let text = '';
  for (const [i, id] of ids.entries()) {
    const step = id - before;
    text += i > 0 && step >= 0 ? `+${step}` : String(step);
    before = id;
  }
  return text;
}

/** The ids that `writeAlertList` wrote, or that stand between commas. */
export function readAlertList(text: string): number[] {
  let before = 0;
  return Array.from(text.matchAll(/([,+-]?)(\d+)/g), ([, sign, digits]) => {
    const value = Number(digits);
    before = sign === '+' ? before + value : sign === '-' ? before - value : value;
    return before;
  });
}
