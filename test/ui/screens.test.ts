import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from './browser.ts';
import { sidewaysScroll, violations, windowScroll } from './page-checks.ts';
import {
  goToScreen,
  openWindow,
  type Person,
  type SampleHub,
  SCREEN_IDS,
  startSampleHub,
  switchTo,
} from './sample-hub.ts';

let browser: Browser;
let hub: SampleHub;

beforeAll(async () => {
  [browser, hub] = await Promise.all([launchBrowser(), startSampleHub()]);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

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
