import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openQueue, startHub, type TestHub } from './browser.ts';
import { expectAccessible } from './page-checks.ts';
import { eveAlert } from './records.ts';

const STORM = 'ET SCAN Sweep of every host';
const KIWI = 'ET POLICY Kiwi traffic';
const PLUM = 'ET POLICY Plum traffic';
const FIG = 'ET POLICY Fig traffic';

let browser: Browser;
let hub: TestHub;

/** One rule on one host, and each alert another. */
function several(title: string, id: number, n: number, nowMs: number, severity: 1 | 2 | 3 = 3): string[] {
  return Array.from({ length: n }, (_, i) => {
    const line = JSON.parse(eveAlert({ id, title, severity, host: '10.20.7.7', sourceIp: '203.0.113.9' }, nowMs));
    return JSON.stringify({ ...line, flow_id: id * 1_000 + i });
  });
}

/** One rule on many hosts within a minute; the last of them is worse. */
function sweep(n: number, nowMs: number): string[] {
  return Array.from({ length: n }, (_, i) => {
    const host = `10.30.${Math.floor(i / 200)}.${(i % 200) + 1}`;
    const line = JSON.parse(eveAlert({ id: 1, title: STORM, severity: i === n - 1 ? 1 : 2, host }, nowMs));
    return JSON.stringify({ ...line, src_ip: '203.0.113.200', flow_id: 9_000_000 + i });
  });
}

beforeAll(async () => {
  const nowMs = Date.now();
  const lines = [
    ...sweep(600, nowMs),
    ...several(KIWI, 70, 4, nowMs),
    ...several(PLUM, 71, 2, nowMs),
    ...several(FIG, 72, 5, nowMs),
  ];
  [browser, hub] = await Promise.all([launchBrowser(), startHub(lines)]);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

const row = (page: Page, title: string) => page.locator('#queue-list [role="row"][id]').filter({ hasText: title });
const detail = (page: Page) => page.getByRole('complementary', { name: 'Detail' });
const messages = (page: Page) => page.getByRole('region', { name: 'Messages' });

async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

test('a rule on 600 hosts is one row that says so, with the worst host first and the rest on demand', async () => {
  const { page, complaints } = await openQueue(browser, hub);
  const storm = row(page, STORM);
  await expect.poll(() => storm.count()).toBe(1);
  expect(await storm.textContent()).toContain('600 addresses');
  await storm.click();
  await detail(page)
    .getByText(/600 times on 600 addresses/)
    .waitFor();
  const about = detail(page).getByRole('table', { name: /is about/ });
  await about.waitFor();
  const first = about.locator('tbody tr').first();
  expect(await first.textContent()).toContain('10.30.2.200');
  expect(await about.locator('tbody tr').count()).toBe(10);
  await detail(page).getByRole('button', { name: 'Show more of 600 addresses' }).click();
  await expect.poll(() => about.locator('tbody tr').count()).toBe(110);
  await about.getByRole('button', { name: 'Split off 10.30.2.200' }).click();
  await messages(page).getByText('Split 1 alert off into an item of its own').waitFor();
  await expect.poll(() => row(page, STORM).first().textContent()).toContain('599 addresses');
  await press(page, 'z');
  await expect.poll(() => row(page, STORM).first().textContent()).toContain('600 addresses');
  await expectAccessible(page, 'an item on 600 hosts');
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('selected items are joined into the focused one, and undo gives them back', async () => {
  const { page } = await openQueue(browser, hub);
  await row(page, KIWI).click();
  await row(page, KIWI).getByRole('checkbox').click();
  await row(page, PLUM).getByRole('checkbox').click();
  await press(page, 'm');
  await messages(page).getByText('Joined 2 items into one').waitFor();
  await expect.poll(() => row(page, PLUM).count()).toBe(0);
  await expect.poll(() => row(page, KIWI).textContent()).toContain('×6');
  await detail(page)
    .getByText(/Joined with “ET POLICY Plum traffic”/)
    .waitFor();
  await press(page, 'z');
  await expect.poll(() => row(page, PLUM).count()).toBe(1);
  await expect.poll(() => row(page, KIWI).textContent()).toContain('×4');
  await page.context().close();
});

test('chosen alerts are split off into an item of their own', async () => {
  const { page } = await openQueue(browser, hub);
  await row(page, FIG).click();
  await detail(page).getByRole('heading', { name: FIG }).waitFor();
  await detail(page)
    .getByText(/5 of 5 shown/)
    .waitFor();
  const table = detail(page).getByRole('table', { name: /Alerts in/ });
  await table.waitFor();
  await table.getByRole('checkbox').nth(0).click();
  await table.getByRole('checkbox').nth(1).click();
  await detail(page).getByRole('button', { name: 'Split 2 alerts off' }).click();
  await messages(page).getByText('Split 2 alerts off into an item of their own').waitFor();
  await detail(page)
    .getByText(/3 of 3 shown/)
    .waitFor();
  await press(page, 'z');
  await detail(page)
    .getByText(/5 of 5 shown/)
    .waitFor();
  await page.context().close();
});

test('what is closed while it goes on counts on quietly, and comes back for what is new, saying what', async () => {
  const { page } = await openQueue(browser, hub);
  await row(page, PLUM).click();
  await press(page, 'c', '3', ...'Known tool', 'Enter');
  await messages(page).getByRole('button', { name: /Undo/ }).waitFor();
  const nowMs = Date.now();
  const more = several(PLUM, 71, 40, nowMs).slice(2);
  await hub.ingest(more);
  await press(page, 'u');
  await expect.poll(() => row(page, PLUM).count()).toBe(0);
  const fresh = JSON.parse(more[0] ?? '{}');
  await hub.ingest([JSON.stringify({ ...fresh, flow_id: 123, src_ip: '10.20.7.7', dest_ip: '198.51.100.44' })]);
  await expect
    .poll(async () => {
      await press(page, 'u');
      return row(page, PLUM).count();
    })
    .toBe(1);
  expect(await row(page, PLUM).textContent()).toContain('New again');
  await row(page, PLUM).click();
  await detail(page)
    .getByText(/destination that was not in it before: 198\.51\.100\.44/)
    .first()
    .waitFor();
  await page.context().close();
});
