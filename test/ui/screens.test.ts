import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from './browser.ts';
import {
  goToScreen,
  openWindow,
  type Person,
  type SampleHub,
  SCREEN_IDS,
  startSampleHub,
  switchTo,
} from './sample-hub.ts';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

let browser: Browser;
let hub: SampleHub;

beforeAll(async () => {
  [browser, hub] = await Promise.all([launchBrowser(), startSampleHub()]);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

/** Violations in words. In the second scheme nothing but colours has changed. */
async function violations(page: Page, scheme: 'light' | 'dark'): Promise<string[]> {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] });
  const { violations: found } = await (scheme === 'light'
    ? axe.withTags(WCAG)
    : axe.withRules('color-contrast')
  ).analyze();
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary}`),
  );
}

/** How far the window itself can be scrolled: only parts of it may. */
async function windowScroll(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { scrollHeight, clientHeight } = document.documentElement;
    return scrollHeight - clientHeight;
  });
}

/** Parts that are wider than the window or than the part that they scroll in. */
async function sidewaysScroll(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const scrolling = [document.documentElement, ...document.querySelectorAll<HTMLElement>('main, main *')];
    return scrolling
      .filter((element) => element.scrollWidth > element.clientWidth + 1)
      .filter((element) => ['auto', 'scroll'].includes(getComputedStyle(element).overflowX))
      .map((element) => `${element.tagName}.${element.className}`);
  });
}

describe.each<{ role: string; person: Person }>([
  { role: 'an analyst', person: 'Abena Owusu' },
  { role: 'a senior', person: 'Sanne Postma' },
  { role: 'a lead', person: 'Elif Yılmaz' },
])('every screen as $role', ({ person }) => {
  test('has no accessibility violation in light and dark, none of its policy, and no sideways scroll', async () => {
    const { page, complaints } = await openWindow(browser, hub);
    await switchTo(page, person);
    for (const screen of SCREEN_IDS) {
      await goToScreen(page, screen);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect({ screen, colorScheme, found: await violations(page, colorScheme) }).toEqual({
          screen,
          colorScheme,
          found: [],
        });
      }
      expect({ screen, windowScroll: await windowScroll(page) }).toEqual({ screen, windowScroll: 0 });
      expect({ screen, wide: await sidewaysScroll(page) }).toEqual({ screen, wide: [] });
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  }, 60_000);
});
