import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, openQueue, startHub, type TestHub } from './browser.ts';
import { eveAlert, someAlerts } from './records.ts';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

let browser: Browser;
let hub: TestHub;

beforeAll(async () => {
  const nowMs = Date.now();
  [browser, hub] = await Promise.all([launchBrowser(), startHub(someAlerts(nowMs, 300))]);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

const rows = (page: Page) => page.locator('#queue-list [role="row"][id]');
const focused = (page: Page) => page.locator('#queue-list [data-focused="true"]');
const detail = (page: Page) => page.getByRole('complementary', { name: 'Detail' });
const messages = (page: Page) => page.getByRole('region', { name: 'Messages' });

/** Violations in words, so that a failure says what to mend. */
async function violations(page: Page, within = 'body'): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).include(within).withTags(WCAG).analyze();
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary}`),
  );
}

async function titleOf(page: Page): Promise<string> {
  return (await focused(page).locator('[data-column="title"]').textContent()) ?? '';
}

describe('with the keyboard alone', () => {
  test('why the first is first, close with a reason, undo, redo', async () => {
    const { page } = await openQueue(browser, hub);
    await expect.poll(() => focused(page).count()).toBe(1);
    const first = await titleOf(page);
    expect(first).toBe((await rows(page).first().locator('[data-column="title"]').textContent()) ?? '');
    await page.keyboard.press('Enter');
    await detail(page).getByText('Show how').waitFor();
    await page.keyboard.press('Tab');
    await detail(page).getByText('Show how').focus();
    await page.keyboard.press('Enter');
    await detail(page)
      .getByRole('table', { name: /Terms of the priority/ })
      .waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('queue-list');

    await page.keyboard.press('c');
    await page.keyboard.press('3');
    await page.getByRole('textbox', { name: 'Reason' }).waitFor();
    await page.keyboard.type('Our own scanner');
    await page.keyboard.press('Enter');
    await messages(page)
      .getByText(/false positive/i)
      .waitFor();
    const second = await titleOf(page);
    expect(second).not.toBe(first);
    expect(await rows(page).allTextContents()).not.toContainEqual(expect.stringContaining(first));

    await page.keyboard.press('z');
    await expect.poll(() => titleOf(page)).toBe(first);
    await page.keyboard.press('Shift+Z');
    await expect.poll(() => rows(page).allTextContents()).not.toContainEqual(expect.stringContaining(first));
    await page.keyboard.press('z');
    await expect.poll(() => rows(page).first().textContent()).toContain(first);
    await page.context().close();
  });

  test('escalate with a question; the item is then of the next tier', async () => {
    const { page } = await openQueue(browser, hub);
    await page.keyboard.press('j');
    const title = await titleOf(page);
    await page.keyboard.press('e');
    await page.getByRole('textbox', { name: 'Question' }).waitFor();
    await page.keyboard.type('Is this address one of the red team?');
    await page.keyboard.press('Control+Enter');
    await messages(page).getByRole('button', { name: /Undo/ }).waitFor();
    await detail(page).getByText('Is this address one of the red team?').first().waitFor();
    expect(await titleOf(page)).toBe(title);
    await page.context().close();
  });

  test('search and filter, then back', async () => {
    const { page } = await openQueue(browser, hub);
    await page.keyboard.press('/');
    await page.keyboard.type('Beacon');
    await page.keyboard.press('Enter');
    await expect.poll(() => rows(page).count()).toBe(1);
    expect(await titleOf(page)).toContain('Beacon');
    await page.getByRole('button', { name: /Remove the filter says/ }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => rows(page).count()).toBeGreaterThan(5);
    await page.context().close();
  });

  test('select all that match, close them, and take it back with one undo', async () => {
    const { page } = await openQueue(browser, hub);
    await page.keyboard.press('/');
    await page.keyboard.type('Ordinary');
    await page.keyboard.press('Enter');
    await page.getByText(/300 items match/).waitFor();
    await page.keyboard.press('Control+a');
    await page.getByText('All 300 that match are selected').waitFor();
    await page.keyboard.press('c');
    await page.keyboard.press('2');
    await page.getByRole('textbox', { name: 'Reason' }).waitFor();
    await page.keyboard.type('Announced test of the network team');
    await page.keyboard.press('Enter');
    await messages(page).getByText(/300/).waitFor();
    await expect.poll(() => rows(page).first().textContent()).toMatch(/Benign true positive/);
    await page.keyboard.press('z');
    await expect.poll(() => rows(page).first().textContent()).toMatch(/due in/);
    await page.context().close();
  });
});

test('what comes in waits above; no row moves under the hand', async () => {
  const { page } = await openQueue(browser, hub);
  await page.keyboard.press('j');
  const before = await focused(page).boundingBox();
  const title = await titleOf(page);
  const news = { id: 9001, title: 'ET EXPLOIT New while you look', severity: 1 as const, minutesAgo: 0 };
  await hub.ingest([eveAlert(news, Date.now())]);
  await page.getByRole('button', { name: /1 new above/ }).waitFor();
  expect(await focused(page).boundingBox()).toEqual(before);
  await page.keyboard.press('u');
  await expect.poll(() => rows(page).allTextContents()).toContainEqual(expect.stringContaining('New while you look'));
  expect(await titleOf(page)).toBe(title);
  await page.context().close();
});

test('hostile text is text: it shows, it is marked, and nothing in it runs', async () => {
  const { page, complaints } = await openQueue(browser, hub);
  await page.keyboard.press('/');
  await page.keyboard.type('script');
  await page.keyboard.press('Enter');
  await rows(page).filter({ hasText: '<script>' }).first().click();
  await detail(page)
    .getByRole('heading', { name: /<script>/ })
    .waitFor();
  await detail(page)
    .getByRole('button', { name: /Original text/ })
    .click();
  const original = detail(page).getByRole('region', { name: 'the original' });
  await original.getByText('RLO').first().waitFor();
  expect(await original.textContent()).toContain('<script>globalThis.pwned = 1</script>');

  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'All open' }).click();
  await rows(page).filter({ hasText: 'Invoice' }).first().waitFor();
  expect(await rows(page).filter({ hasText: 'Invoice' }).first().textContent()).toContain('InvoiceRLOgpj.exe');
  expect(await rows(page).filter({ hasText: 'Reached' }).first().textContent()).toContain(
    'hxxp://login[.]evil[.]example',
  );

  await rows(page).filter({ hasText: 'MEGABYTE' }).first().click();
  await detail(page)
    .getByRole('heading', { name: /MEGABYTE/ })
    .waitFor();
  const size = await page.evaluate(() => document.getElementById('root')?.textContent?.length ?? 0);
  expect(size, 'a title of a megabyte is cut for display').toBeLessThan(100_000);

  expect(await page.evaluate(() => Reflect.get(globalThis, 'pwned'))).toBeUndefined();
  expect(await page.locator('#root script, #root img[src="x"], #root svg[onload], a[href^="javascript"]').count()).toBe(
    0,
  );
  expect(complaints).toEqual([]);
  await page.context().close();
});

test.each(['light', 'dark'] as const)(
  'WCAG 2.2 AA in %s: list, detail, forms',
  async (scheme) => {
    const { page } = await openQueue(browser, hub, { scheme });
    await detail(page).getByText('Show how').click();
    expect(await violations(page)).toEqual([]);
    for (const key of ['c', 'h', 'e', '.']) {
      await page.keyboard.press('Escape');
      await page.keyboard.press(key);
      await page.getByRole('dialog').waitFor();
      if (key === 'c') await page.keyboard.press('1');
      expect(await violations(page, '[role="dialog"]'), `the form on ${key}`).toEqual([]);
    }
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+a');
    expect(await violations(page, 'main'), 'a selection').toEqual([]);
    await page.context().close();
  },
  60_000,
);

test.each([
  [1280, 720],
  [1440, 900],
  [2560, 1440],
])('nothing scrolls sideways at %d × %d, and the first row is in view', async (width, height) => {
  const { page, complaints } = await openQueue(browser, hub, { width, height });
  const check = async (what: string) => {
    const wide = await page.evaluate(() =>
      [...document.querySelectorAll('*')]
        .filter((element) => element.scrollWidth > element.clientWidth + 1)
        .filter((element) => ['auto', 'scroll'].includes(getComputedStyle(element).overflowX))
        .map((element) => `${element.tagName}.${element.className}`),
    );
    expect(wide, what).toEqual([]);
    const size = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(size, what).toBeLessThanOrEqual(width);
  };
  await check('list');
  const box = await rows(page).first().boundingBox();
  expect(box === null ? Number.POSITIVE_INFINITY : box.y + box.height).toBeLessThan(height / 2);
  await page.keyboard.press('Enter');
  await detail(page).getByText('Show how').click();
  await check('detail');
  expect(complaints).toEqual([]);
  await page.context().close();
});
