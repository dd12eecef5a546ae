import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from './browser.ts';
import { expectAccessible } from './page-checks.ts';
import { eveAlert } from './records.ts';
import { openWindow, type SampleHub, startSampleHub } from './sample-hub.ts';

let browser: Browser;
let hub: SampleHub;

beforeAll(async () => {
  [browser, hub] = await Promise.all([launchBrowser(), startSampleHub()]);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

/** Drags a file over the window and lets go of it, as the browser tells a page of it. */
async function dropFile(page: Page, name: string, text: string): Promise<void> {
  const transfer = await page.evaluateHandle(
    (file) => {
      const dropped = new DataTransfer();
      dropped.items.add(new File([file.text], file.name));
      return dropped;
    },
    { name, text },
  );
  await page.dispatchEvent('main', 'dragenter', { dataTransfer: transfer });
  await page.getByText('Drop to read the alerts').waitFor();
  await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
  await expect.poll(() => page.getByText('Drop to read the alerts').count()).toBe(0);
}

const messages = (page: Page) => page.getByRole('region', { name: 'Messages' });

test('from the sample to alerts of one’s own, with what could not be read', async () => {
  const { page, complaints } = await openWindow(browser, hub);
  await page.getByText('Sample data.').waitFor();
  const broken = '{"timestamp": "2026-11-21T05:00:00.000000+0000", "event_type": "alert", ';
  const good = eveAlert({ id: 7, title: 'ET POLICY Cleartext credentials in HTTP', severity: 2 }, Date.now());

  await dropFile(page, 'eve.json', `${good}\n${broken}\n`);
  const start = page.getByRole('dialog', { name: 'Start with your own alerts' });
  await start.getByText(/eve\.json/).waitFor();
  await expectAccessible(page, 'starting with one’s own alerts');
  await page.keyboard.press('Escape');
  await expect.poll(() => start.count()).toBe(0);

  await page.getByRole('button', { name: 'Start with your own alerts' }).press('Enter');
  await page.getByRole('textbox', { name: 'Your organisation' }).fill('Acme');
  await page.getByRole('textbox', { name: 'Your name' }).fill('Ada Quill');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /Ada Quill.*Person and view/ }).waitFor();
  await page.getByText('Nothing is waiting').waitFor();
  await expectAccessible(page, 'an empty queue');
  await page.getByText(/choose one under Sources, drop it on this window/).waitFor();
  await page.getByText('npm run -s evenwatch -- ingest FILE').waitFor();
  await expect(page.getByText('Sample data.').count()).resolves.toBe(0);
  await expect.poll(() => page.title()).toContain('Acme');

  await dropFile(page, 'eve.json', `${good}\n${broken}\n`);
  await messages(page)
    .getByText(
      'eve.json: 2 records read: 1 stored (1 to the queue, 0 closed by rules or at source), 1 could not be read.',
    )
    .waitFor();
  await page.getByRole('grid', { name: 'Queue' }).getByText('ET POLICY Cleartext credentials in HTTP').waitFor();

  await messages(page).getByRole('button', { name: 'Show it' }).click();
  const letters = page.getByRole('region', { name: 'Could not be read' });
  const letter = letters.getByRole('button', { expanded: false });
  await expect(letter.textContent()).resolves.toMatch(/eve\.json, line 2, column \d+/);
  await letter.click();
  await letters
    .getByRole('region', { name: 'The record as it came' })
    .getByText(/"event_type": "alert"/)
    .waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('a folder and a list are not read as alerts, and a file can be chosen under Sources', async () => {
  const { page } = await openWindow(browser, hub);
  await dropFile(page, 'assets.csv', 'key,kind\n');
  await messages(page).getByText('assets.csv is a list. Lists and rosters are read under Sources.').waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await page.getByRole('button', { name: 'Choose files of alerts' }).waitFor();
  const good = eveAlert({ id: 8, title: 'ET SCAN Something', severity: 3 }, Date.now());
  await page
    .locator('input[type="file"]')
    .first()
    .setInputFiles({ name: 'more.json', mimeType: 'application/json', buffer: Buffer.from(`${good}\n${good}\n`) });
  await page
    .getByText('more.json: 2 records read: 1 stored (1 to the queue, 0 closed by rules or at source), 1 duplicate.')
    .waitFor();
  await page
    .getByRole('table', { name: 'Files and uploads, newest first' })
    .getByText(/more\.json/)
    .waitFor();
  await page.context().close();
});
