/**
 * About how many steps a regular expression comes to once its repeats are written out, which is what a linear-time
 * matcher keeps in memory and goes through for each character: `(a{100}){10}` is a thousand. Read in one pass over the
 * text, so that it can be asked before anything is built; what is no valid expression gets some number.
 */
export function regexSteps(source: string): number {
  /** Steps of the groups that are open, and of the last thing in each, which a repeat would multiply. */
  const open: { total: number; last: number }[] = [];
  let group = { total: 0, last: 0 };
  const add = (steps: number): void => {
    group.total += steps;
    group.last = steps;
  };
  for (let at = 0; at < source.length; at++) {
    const char = source.charAt(at);
    if (char === '\\') {
      at++;
      add(1);
    } else if (char === '[') {
      at = endOfClass(source, at);
      add(1);
    } else if (char === '(') {
      open.push(group);
      group = { total: 1, last: 0 };
    } else if (char === ')') {
      const steps = group.total;
      group = open.pop() ?? { total: 0, last: 0 };
      add(steps);
    } else if (char === '{') {
      const repeat = /^\{(\d{1,7})(?:,(\d{0,7}))?\}/.exec(source.slice(at, at + 20));
      if (repeat === null) {
        add(1);
        continue;
      }
      at += repeat[0].length - 1;
      const times = Math.max(1, Number(repeat[1]), Number(repeat[2] || 0));
      group.total += group.last * (times - 1);
      group.last *= times;
    } else if (char === '*' || char === '+' || char === '?' || char === '|') group.total += 1;
    else add(1);
  }
  return open.reduce((steps, each) => steps + each.total, group.total);
}

/** Where a class of characters ends: a `]` that comes first, or after a backslash, is one of its characters. */
function endOfClass(source: string, from: number): number {
  let at = from + 1;
  if (source.charAt(at) === '^') at++;
  if (source.charAt(at) === ']') at++;
  for (; at < source.length && source.charAt(at) !== ']'; at++) if (source.charAt(at) === '\\') at++;
  return at;
}
