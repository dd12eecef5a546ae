import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openQueue, startHub, type TestHub } from './browser.ts';
import { expectAccessible, sidewaysScroll } from './page-checks.ts';
import { someAlerts } from './records.ts';

let browser: Browser;
let hub: TestHub;
let isClosed = false;

beforeAll(async () => {
  [browser, hub] = await Promise.all([launchBrowser(), startHub(someAlerts(Date.now(), 20))]);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  if (!isClosed) await hub?.close();
});

test('a screen whose code does not come says so and not that the program has a fault, and comes when it can', async () => {
  const { page } = await openQueue(browser, hub, { person: 'Lea Marsh' });
  await page.route(/assets\/team-screen.*\.js/, (route) => route.abort());
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  const failed = page.getByRole('alert').filter({ hasText: 'This screen could not be loaded.' });
  await failed.waitFor();
  await expect(page.getByText(/fault in the program/).count()).resolves.toBe(0);
  await expectAccessible(page, 'a screen that was not loaded');
  // Others go on.
  await page.keyboard.press('g');
  await page.keyboard.press('q');
  await page.getByRole('grid', { name: 'Queue' }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await failed.waitFor();
  await page.unroute(/assets\/team-screen.*\.js/);
  await failed.getByRole('button', { name: 'Load the window anew' }).press('Enter');
  await page.getByText('The work, by tier').waitFor();
  await page.context().close();
});

// Last, because it ends the hub.
test('without a connection it says for how long, whole, and counts nothing that it has not read', async () => {
  const { page } = await openQueue(browser, hub, { width: 1280, height: 720 });
  isClosed = true;
  await hub.close();
  const note = page.getByText(/^Not connected for \d+ s: this may be old$/);
  await note.waitFor();
  await expect(note.evaluate((element) => element.scrollWidth - element.clientWidth)).resolves.toBe(0);
  await expect(sidewaysScroll(page)).resolves.toEqual([]);
  // What was read stays; what was not is not made up.
  await page.locator('#queue-list [role="row"][id]').first().waitFor();
  await page.getByText('Closed', { exact: true }).click();
  await expect.poll(() => page.evaluate(() => window.location.hash)).toContain('closed');
  await expect(page.getByText(/more than 10,000/).count()).resolves.toBe(0);
  await expectAccessible(page, 'no connection');
  await page.context().close();
});
