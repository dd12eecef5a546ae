import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from './browser.ts';
import { expectUsable } from './page-checks.ts';
import { eveAlert } from './records.ts';
import { goToScreen, openWindow, type SampleHub, startOwnHub } from './sample-hub.ts';

const NAME = 'Edge sensor';
const MINUTE_MS = 60_000;

let browser: Browser;
let hub: SampleHub;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  [browser, hub] = await Promise.all([launchBrowser(), startOwnHub()]);
  ({ page, complaints } = await openWindow(browser, hub));
  page.setDefaultTimeout(15_000);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

const state = () =>
  page.getByRole('table', { name: 'Live sources and how they do' }).getByRole('row').filter({ hasText: NAME });
const item = () =>
  page.locator('#queue-list [role="row"][id]').filter({ hasText: `The source ${NAME} has fallen silent` });

async function goToQueue(): Promise<void> {
  await page.evaluate(() => {
    window.location.hash = '#/queue';
  });
}

test('a source that falls silent becomes an item of the queue that says since when, and that it speaks again', async () => {
  await goToScreen(page, 'sources');
  await page.getByRole('button', { name: 'Set up a source' }).click();
  const form = page.getByRole('region', { name: 'Set up a source' });
  await form.getByText('HTTP push').click();
  await form.getByLabel('Name', { exact: true }).fill(NAME);
  await form.getByLabel('Port').fill('0');
  await form.getByLabel('Silent after so many minutes').fill('5');
  await form.getByRole('button', { name: 'Set up this source' }).click();
  const shown = page.getByText(/This token is shown this once/).locator('..');
  const token = (await shown.locator('code').textContent()) ?? '';
  await expect.poll(() => shown.locator('pre').textContent()).toMatch(/http:\/\/127\.0\.0\.1:[1-9]\d*\//);
  const base = /http:\/\/127\.0\.0\.1:\d+/.exec((await shown.locator('pre').textContent()) ?? '')?.[0] ?? '';
  const send = async (id: number) => {
    const body = eveAlert({ id, title: `ET INFO Sign of life ${id}`, severity: 3 }, Date.now());
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(`${base}/v1/alerts`, { method: 'POST', headers, body })).status).toBe(200);
  };
  await send(1);
  await expect.poll(() => state().textContent(), { timeout: 15_000 }).toMatch(/Running/);

  // Under its limit it is only quiet.
  hub.advance(3 * MINUTE_MS);
  await goToQueue();
  await page.locator('#queue-list [role="row"][id]').filter({ hasText: 'Sign of life 1' }).waitFor();
  await expect(item().count()).resolves.toBe(0);

  // It is looked at once a minute, and listened to from the first look on: minutes pass until it is seen.
  await goToScreen(page, 'sources');
  await expect
    .poll(
      async () => {
        hub.advance(2 * MINUTE_MS);
        return state().textContent();
      },
      { timeout: 30_000, interval: 1_000 },
    )
    .toMatch(/Silent/);
  await goToQueue();
  await page.reload();
  await item().waitFor();
  await item().click();
  await page.keyboard.press('Enter');
  const detail = page.getByRole('complementary', { name: 'Detail' });
  await detail
    .getByText(/It is set to count as silent after 5 minutes\./)
    .first()
    .waitFor();
  await expectUsable(page, 'a source that fell silent');

  await goToScreen(page, 'sources');
  await send(2);
  hub.advance(2 * MINUTE_MS);
  await expect.poll(() => state().textContent(), { timeout: 15_000 }).toMatch(/Running/);
  await goToQueue();
  await page.reload();
  await item().click();
  await page.keyboard.press('Enter');
  await detail
    .getByText(/spoke again by/)
    .first()
    .waitFor();
  await expect(item().count()).resolves.toBe(1);
  expect(complaints).toEqual([]);
});
