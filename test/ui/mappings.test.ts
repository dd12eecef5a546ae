import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from './browser.ts';
import { expectUsable } from './page-checks.ts';
import { goToScreen, openWindow, type SampleHub, startOwnHub } from './sample-hub.ts';

const MAPPING = `name: acme-doors
label: Acme door control
recognise: { has: door.id }
id: seq
fields:
  time: at
  title: { join: [{ const: Door }, door.name, event] }
  severity: { const: high }
  hosts: door.name
`;
const BROKEN = `${MAPPING}  user: badge.holder\n`;
const RECORDS = ['north', 'south']
  .map((name, seq) => {
    const at = new Date(Date.now() - 60_000).toISOString();
    return JSON.stringify({ door: { id: seq + 1, name }, seq, event: 'forced open', at });
  })
  .join('\n');

let browser: Browser;
let hub: SampleHub;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  [browser, hub] = await Promise.all([launchBrowser(), startOwnHub()]);
  ({ page, complaints } = await openWindow(browser, hub));
  page.setDefaultTimeout(15_000);
  await goToScreen(page, 'sources');
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

const folder = () => join(hub.dataDir, 'mappings');
const put = (text: string) => writeFileSync(join(folder(), 'doors.yml'), text);
/** With a folder named in the environment, pictures of the states are put there for people to look at. */
async function picture(name: string): Promise<void> {
  const to = process.env.EVENWATCH_PICTURES;
  if (to === undefined) return;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(to, `${name}-${colorScheme}.png`) });
  }
}
const letters = () => page.getByRole('region', { name: 'Could not be read' });
const files = () => page.getByRole('table', { name: 'Mapping files of this workspace' });

test('a broken mapping is told with its place, and what came meanwhile is kept', async () => {
  mkdirSync(folder(), { recursive: true });
  put(BROKEN);
  await files().getByText('It cannot be used.', { exact: true }).waitFor();
  await files()
    .getByText(/^Line 10, column 3: /)
    .waitFor();
  await page
    .locator('input[type="file"]')
    .first()
    .setInputFiles({ name: 'doors.json', mimeType: 'application/json', buffer: Buffer.from(RECORDS) });
  await expect
    .poll(() =>
      letters()
        .getByText(/Unknown product/)
        .count(),
    )
    .toBe(2);
  await expectUsable(page, 'a broken mapping');
  await files().scrollIntoViewIfNeeded();
  await picture('broken');
});

test('once its file is mended the letters may be read again, and their alerts are in the queue, without a restart', async () => {
  put(MAPPING);
  await files().getByText('It is in force.').waitFor();
  await letters()
    .getByText(/The mapping Acme door control \(doors\.yml\) was added or changed/)
    .waitFor();
  await expectUsable(page, 'letters that may be read now');
  await letters().scrollIntoViewIfNeeded();
  await picture('may-read');
  await letters().getByRole('button', { name: 'Read these 2 again' }).click();
  await letters().getByText('Every record was read.').waitFor();
  await page.evaluate(() => {
    window.location.hash = '#/queue';
  });
  await page.locator('#queue-list [role="row"][id]').filter({ hasText: 'Door north forced open' }).waitFor();
  await page.locator('#queue-list [role="row"][id]').filter({ hasText: 'Door south forced open' }).waitFor();
});

test('a broken file leaves the old one in force, and one that is taken away leaves its alerts readable', async () => {
  await goToScreen(page, 'sources');
  put(BROKEN);
  await files().getByText('It cannot be used. What it said before stays in force.').waitFor();
  await expectUsable(page, 'a mapping that stays in force');
  await files().scrollIntoViewIfNeeded();
  await picture('stays');
  rmSync(join(folder(), 'doors.yml'));
  await expect.poll(() => files().count()).toBe(0);
  await page.evaluate(() => {
    window.location.hash = '#/queue';
  });
  await page.locator('#queue-list [role="row"][id]').filter({ hasText: 'Door north forced open' }).click();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Original text/ }).click();
  await page.getByText('Its mapping was taken away. It is shown as that mapping read it last.').waitFor();
  await picture('gone');
  expect(complaints).toEqual([]);
});
