import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, openQueue, startHub, type TestHub } from './browser.ts';
import { expectAccessible } from './page-checks.ts';
import { someAlerts } from './records.ts';

let browser: Browser;
let hub: TestHub;

beforeAll(async () => {
  [browser, hub] = await Promise.all([launchBrowser(), startHub(someAlerts(Date.now(), 20))]);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

const field = (page: Page) => page.getByRole('combobox', { name: 'Find a command' });
const options = (page: Page) => page.getByRole('listbox', { name: 'Commands' }).getByRole('option');
const hashOf = (page: Page) => page.evaluate(() => window.location.hash);
const focusOf = (page: Page) => page.evaluate(() => document.activeElement?.id ?? '');

async function openPalette(page: Page, typed = ''): Promise<void> {
  await page.keyboard.press('Control+k');
  await field(page).waitFor();
  await page.keyboard.type(typed);
}

describe('the command palette', () => {
  test('holds every action of the place with its key, and gives the focus back', async () => {
    const { page, complaints } = await openQueue(browser, hub);
    await page.locator('#queue-list').focus();
    await openPalette(page);
    const texts = await options(page).allTextContents();
    for (const label of [
      'Acknowledgea',
      'Escalate with a questione',
      'Queuegq',
      'All open',
      'Dark theme',
      'Times in UTC',
    ]) {
      expect(texts).toContain(label);
    }
    expect(texts.filter((text) => /^Lea Marsh, lead/.test(text))).toHaveLength(1);
    await expectAccessible(page, 'the command palette');
    await page.keyboard.press('Escape');
    await expect.poll(() => field(page).count()).toBe(0);
    expect(await focusOf(page)).toBe('queue-list');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('goes to a screen, to an item by its reference, and says when nothing is called so', async () => {
    const { page } = await openQueue(browser, hub);
    const ref = /grp_[0-9a-z]+/;
    await page.keyboard.press('j');
    await expect.poll(() => hashOf(page)).toMatch(ref);
    const known = ref.exec(await hashOf(page))?.[0] ?? '';

    await openPalette(page, 'sour');
    await page.keyboard.press('Enter');
    await expect.poll(() => hashOf(page)).toBe('#/sources');

    await openPalette(page, known.toUpperCase());
    await page.getByRole('option', { name: `Item ${known}` }).waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => hashOf(page)).toContain(known);

    await openPalette(page, 'no such thing');
    await page.getByText('Nothing is called that.').waitFor();
    await page.context().close();
  });

  test('runs an action on the focused item', async () => {
    const { page } = await openQueue(browser, hub);
    await page.keyboard.press('j');
    await openPalette(page, 'add a note');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: /note/i }).getByRole('textbox').waitFor();
    await page.context().close();
  });

  test('changes theme and density', async () => {
    const { page } = await openQueue(browser, hub);
    await openPalette(page, 'dark');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');
    await openPalette(page, 'comfortable');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('html').getAttribute('data-density')).toBe('comfortable');
    await page.context().close();
  });
});

describe('all keys', () => {
  test('stand on ? by where they act, and one can be changed and taken back', async () => {
    const { page } = await openQueue(browser, hub);
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'All keys' });
    await help.waitFor();
    await expect(help.getByRole('heading', { level: 3 }).allTextContents()).resolves.toEqual([
      'Everywhere',
      'List',
      'Item',
      'Go to',
    ]);
    await expectAccessible(page, 'all keys');

    await help.getByRole('button', { name: 'Change the key of “Add a note”' }).press('Enter');
    await page.keyboard.press('j');
    await help.getByRole('alert').getByText('“Next row” has that key.').waitFor();
    await page.keyboard.press('b');
    await help.getByRole('button', { name: 'Reset the key of “Add a note”' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => help.count()).toBe(0);

    await page.keyboard.press('n');
    await page.keyboard.press('b');
    await page.getByRole('dialog', { name: /note/i }).waitFor();
    await page.keyboard.press('Escape');

    await openPalette(page, 'all keys');
    await page.keyboard.press('Enter');
    await help.getByRole('button', { name: 'Reset all keys' }).press('Enter');
    await expect.poll(() => help.getByRole('button', { name: /^Reset the key/ }).count()).toBe(0);
    await page.context().close();
  });

  test('go on from a choice between a few, which keeps its arrows to itself', async () => {
    const { page } = await openQueue(browser, hub);
    const choice = page.getByRole('radiogroup', { name: 'Open or closed' });
    const open = choice.getByRole('radio', { name: 'Open' });
    const focusedRow = page.locator('#queue-list [data-focused="true"]');
    const before = await focusedRow.getAttribute('id');
    await open.focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => hashOf(page)).toContain('closed');
    // The address is there a moment before the choice is drawn by it, and a key in between would find nothing to change.
    await expect.poll(() => choice.getByRole('radio', { name: 'Closed' }).isChecked()).toBe(true);
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => hashOf(page)).not.toContain('closed');
    await expect.poll(() => focusedRow.getAttribute('id')).toBe(before);
    await page.keyboard.press('g');
    await page.keyboard.press('u');
    await page.getByText('Rules that close', { exact: true }).waitFor();
    await page.context().close();
  });

  test('single characters can be switched off, and stay with the person who did it', async () => {
    const { page } = await openQueue(browser, hub);
    await page.keyboard.press('?');
    await page.getByRole('switch', { name: 'Single characters act' }).press('Space');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await openPalette(page, 'queue');
    await expect(page.getByRole('dialog', { name: 'All keys' }).count()).resolves.toBe(0);
    await page.keyboard.press('Escape');

    await openPalette(page, 'ben');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /Ben Ito.*Person and view/ }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'All keys' }).waitFor();
    await page.context().close();
  });
});

test('who sits down signs in with a few letters and Enter, and the next takes over with as little', async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(hub.link());
  await page.getByRole('textbox', { name: 'Who sits here?' }).waitFor();
  await expectAccessible(page, 'signing in');
  await page.keyboard.type('rui');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /Ana Ruiz.*Person and view/ }).waitFor();
  await page.getByRole('grid', { name: 'Queue' }).waitFor();
  await openPalette(page, 'marsh');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /Lea Marsh.*Person and view/ }).waitFor();
  await context.close();
});
