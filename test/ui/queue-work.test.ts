import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openQueue, startHub, type TestHub } from './browser.ts';
import { eveAlert, someAlerts } from './records.ts';

/** One item for each test, found by a word that no other has. */
const ZEBRA = 'ET POLICY Zebra protocol on a wrong port';
const WALRUS = 'ET POLICY Walrus protocol on a wrong port';
const HERON = 'ET POLICY Heron protocol on a wrong port';

let browser: Browser;
let hub: TestHub;

beforeAll(async () => {
  const nowMs = Date.now();
  const own = [ZEBRA, WALRUS, HERON].map((title, at) => eveAlert({ id: 5000 + at, title, severity: 2 }, nowMs));
  [browser, hub] = await Promise.all([launchBrowser(), startHub([...someAlerts(nowMs, 260), ...own])]);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

const rows = (page: Page) => page.locator('#queue-list [role="row"][id]');
const focused = (page: Page) => page.locator('#queue-list [data-focused="true"]');
const detail = (page: Page) => page.getByRole('complementary', { name: 'Detail' });
const messages = (page: Page) => page.getByRole('region', { name: 'Messages' });

/** Keys as fast as they can come. */
async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/** Narrows the queue to one item, so that tests do not get in one another's way. */
async function focusOn(page: Page, words: string): Promise<void> {
  await press(page, '/');
  await page.keyboard.type(words);
  await press(page, 'Enter');
  await page.getByText(/^1 item matches$/).waitFor();
  await expect.poll(() => focused(page).count()).toBe(1);
  await detail(page).getByRole('heading', { name: words }).waitFor();
}

test('an alert entered by hand comes into the queue, focused, and is worked like every other', async () => {
  const { page } = await openQueue(browser, hub);
  await page.getByRole('button', { name: 'Enter an alert' }).click();
  await page.keyboard.type('User phoned about an MFA prompt at night');
  await page.getByLabel('Severity').selectOption('high');
  await page.getByLabel('User', { exact: true }).fill('m.vogel');
  await page.getByLabel('Reported by').fill('Service desk');
  await page.getByRole('button', { name: 'Enter the alert' }).click();
  await detail(page)
    .getByRole('heading', { name: /MFA prompt at night/ })
    .waitFor();
  await expect.poll(() => focused(page).textContent()).toContain('MFA prompt at night');
  await detail(page).getByText('m.vogel').first().waitFor();
  expect(await messages(page).getByRole('button', { name: /Undo/ }).count()).toBe(0);
  await press(page, 'c', '2', ...'Her own new phone', 'Enter');
  await messages(page).getByRole('button', { name: /Undo/ }).waitFor();
  await page.context().close();
});

test('acknowledge, note, tag, hold and release, each on its key', async () => {
  const { page } = await openQueue(browser, hub);
  await focusOn(page, ZEBRA);
  await press(page, 'a');
  await detail(page)
    .getByText(/Acknowledged, tier 1/)
    .waitFor();
  await press(page, 'n');
  await page.keyboard.type('Seen before on the same switch.');
  await press(page, 'Control+Enter');
  await detail(page).getByText('Seen before on the same switch.').first().waitFor();
  await press(page, 't');
  await page.keyboard.type('switch-noise');
  await press(page, 'Enter');
  await detail(page).getByRole('listitem').filter({ hasText: 'switch-noise' }).first().waitFor();
  await press(page, 'h', '2');
  await detail(page)
    .getByText(/on hold until/)
    .waitFor();
  await press(page, 'z');
  await expect
    .poll(() =>
      detail(page)
        .getByText(/on hold until/)
        .count(),
    )
    .toBe(0);
  await press(page, '.');
  const menu = page.getByRole('dialog', { name: 'Actions' });
  await menu.getByRole('button', { name: /Release it|Take it/ }).click();
  await messages(page).getByRole('button', { name: /Undo/ }).waitFor();
  await page.context().close();
});

test('a view is kept under a name, comes back with its filter, and goes when it is deleted', async () => {
  const { page } = await openQueue(browser, hub, { width: 1800 });
  await page.getByRole('group', { name: 'Severity' }).getByText('High').click();
  await page.getByLabel('Filters').getByText('high', { exact: true }).waitFor();
  const shown = await page.getByText(/items? match/).textContent();
  await page.getByRole('button', { name: 'Save this view' }).click();
  await page.getByLabel('Name').fill('High first');
  await press(page, 'Enter');
  const tab = page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'High first' });
  await tab.waitFor();
  await page.getByRole('button', { name: /^All open/ }).click();
  await expect.poll(() => page.getByText(/items? match/).textContent()).not.toBe(shown);
  await tab.click();
  await expect.poll(() => page.getByText(/items? match/).textContent()).toBe(shown);
  await page.getByRole('button', { name: /^Views/ }).click();
  await page.getByRole('menuitem', { name: /Delete High first/ }).click();
  await expect.poll(() => tab.count()).toBe(0);
  await page.context().close();
});

test('of two people who decide at once, the second is told, and nothing is overwritten', async () => {
  const ana = await openQueue(browser, hub);
  const ben = await openQueue(browser, hub, { person: 'Ben Ito' });
  const title = WALRUS;
  await focusOn(ana.page, title);
  await focusOn(ben.page, title);
  await press(ben.page, 'c', '1', ...'It is one', 'Escape');
  await press(ana.page, 'c', '3', ...'It is none', 'Enter');
  await messages(ana.page)
    .getByText(/false positive/i)
    .waitFor();
  await press(ben.page, 'c', '1', ...'It is one', 'Enter');
  await messages(ben.page)
    .getByText(/Ana Ruiz|meanwhile|already|changed/i)
    .first()
    .waitFor();
  await detail(ben.page)
    .getByText(/Closed as false positive/)
    .first()
    .waitFor();
  await ana.page.context().close();
  await ben.page.context().close();
});

test('a link to an item leads to it, whatever the list shows', async () => {
  const { page } = await openQueue(browser, hub);
  await focusOn(page, HERON);
  await expect.poll(() => page.url()).toMatch(/#\/queue\/grp_/);
  const ref = /grp_\w+/.exec(page.url())?.[0] ?? '';
  await page.getByRole('button', { name: /^All open/ }).click();
  await page.evaluate((to) => {
    window.location.hash = `#/queue/${to}`;
  }, ref);
  await detail(page).getByRole('heading', { name: HERON }).waitFor();
  await page.context().close();
});

test('a search looks at open and closed in the order of time; without it the open queue is back in work order', async () => {
  const { page } = await openQueue(browser, hub);
  const first = await rows(page).first().textContent();
  await press(page, '/');
  await page.keyboard.type('Ordinary');
  await press(page, 'Enter');
  const order = page.getByLabel('Order');
  await expect.poll(() => order.inputValue()).toBe('newest');
  await page.getByRole('button', { name: /Remove the filter says/ }).click();
  await expect.poll(() => order.inputValue()).toBe('priority');
  await expect.poll(() => rows(page).first().textContent()).toBe(first);
  await page.context().close();
});
