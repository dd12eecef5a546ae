/** Switches that open a door into a running window. A packaged application refuses to start with one of them. */
const FORBIDDEN = [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'inspect',
  'inspect-brk',
  'disable-web-security',
  'no-sandbox',
  'load-extension',
  'js-flags',
];

/** The forbidden switches among `argv`, as they were written. */
export function forbiddenSwitches(argv: readonly string[]): string[] {
  return argv.filter((argument) =>
    FORBIDDEN.some((name) => argument === `--${name}` || argument.startsWith(`--${name}=`)),
  );
}
