import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { EVENWATCH, standWhereCalled } from '../../../engine/bin/called-by-npm.ts';

test.each([
  ['its own script', { npm_lifecycle_event: 'evenwatch', INIT_CWD: '/home/ana/alerts' }, ['/home/ana/alerts']],
  ['another script that calls it', { npm_lifecycle_event: 'test', INIT_CWD: '/home/ana/alerts' }, []],
  ['no npm at all', {}, []],
])('called by %s', (_how, env, expected) => {
  const changed = vi.spyOn(process, 'chdir').mockImplementation(() => {});
  standWhereCalled('evenwatch', env);
  expect(changed.mock.calls.flat()).toEqual(expected);
  changed.mockRestore();
});

test('what messages tell people to run is a script that there is', () => {
  const { scripts } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    scripts: Record<string, string>;
  };
  expect(EVENWATCH).toMatch(/^npm run -s (\S+) --$/);
  expect(Object.keys(scripts)).toContain(/run -s (\S+)/.exec(EVENWATCH)?.[1]);
});
