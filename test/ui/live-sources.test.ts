import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from './browser.ts';
import { expectUsable } from './page-checks.ts';
import { eveAlert, LONG_TITLE } from './records.ts';
import { goToScreen, openWindow, type SampleHub, startOwnHub } from './sample-hub.ts';

const NAME = 'Edge sensor';
const TITLE = 'ET POLICY Cleartext credentials in HTTP';
/** A comma too many, which is the one thing that is wrong with it. */
const BROKEN = eveAlert({ id: 8, title: 'ET POLICY Record with a comma too many', severity: 2 }, Date.now()).replace(
  '"proto":',
  ',"proto":',
);

let browser: Browser;
let hub: SampleHub;
let page: Page;
let complaints: string[];
/** Where the source listens and what it is sent with, as the window said them. */
const sender = { base: '', token: '' };

// One window and one source, in the order in which somebody comes to them.
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

const letters = () => page.getByRole('region', { name: 'Could not be read' });
const card = () => page.getByRole('region', { name: NAME, exact: true });

async function send(body: string, path = '/v1/alerts'): Promise<Response> {
  return fetch(`${sender.base}${path}`, { method: 'POST', headers: { authorization: `Bearer ${sender.token}` }, body });
}

/** A figure of the source's card by its label. */
async function figure(label: string): Promise<string> {
  const one = card()
    .locator('dl > div')
    .filter({ has: page.getByText(label, { exact: true }) })
    .locator('dd');
  return ((await one.textContent()) ?? '').trim();
}

test('without sources and letters the screen says what would be there', async () => {
  await page.getByText(/^None yet\. A lead sets one up/).waitFor();
  await page.getByText('Every record was read.').waitFor();
  await expectUsable(page, 'sources, empty');
});

test('a pasted record is tried before anything is set up, and nothing of it is stored', async () => {
  await page.getByRole('button', { name: 'Set up a source' }).click();
  const form = page.getByRole('region', { name: 'Set up a source' });
  await form.getByText('HTTP push').click();
  await form.getByLabel('Name', { exact: true }).fill(NAME);
  await form.getByLabel('Port').fill('0');
  await form
    .getByLabel('A record to try it with')
    .fill(`${eveAlert({ id: 7, title: TITLE, severity: 2 }, Date.now())}\n${BROKEN}`);
  await form.getByRole('button', { name: 'Try it, and store nothing' }).click();
  const outcome = form.getByRole('table', { name: 'The first records as they would be stored' });
  await outcome.getByText(TITLE).first().waitFor();
  await outcome.getByText(/^Could not be read: /).waitFor();
  await expectUsable(page, 'a source tried');
  await page.getByText(/^None yet\. A lead sets one up/).waitFor();
});

test('it is set up, its token is shown this once, and what is sent to it is stored and counted', async () => {
  await page.getByRole('button', { name: 'Set up this source' }).click();
  const shown = page.getByText(/This token is shown this once/).locator('..');
  sender.token = (await shown.locator('code').textContent()) ?? '';
  expect(sender.token.length).toBeGreaterThan(20);
  await expect.poll(() => shown.locator('pre').textContent()).toMatch(/curl http:\/\/127\.0\.0\.1:[1-9]\d*\//);
  sender.base = /http:\/\/127\.0\.0\.1:\d+/.exec((await shown.locator('pre').textContent()) ?? '')?.[0] ?? '';
  await expectUsable(page, 'a token');

  const event = eveAlert({ id: 7, title: TITLE, severity: 2 }, Date.now());
  const refused = await fetch(`${sender.base}/v1/alerts`, { method: 'POST', body: event });
  expect(refused.status).toBe(401);
  const answer = await fetch(`${sender.base}/services/collector/event`, {
    method: 'POST',
    headers: { authorization: `Splunk ${sender.token}` },
    body: JSON.stringify({ event: JSON.parse(event) }),
  });
  expect(answer.status).toBe(200);
  const row = page
    .getByRole('table', { name: 'Live sources and how they do' })
    .getByRole('row')
    .filter({ hasText: NAME });
  await expect.poll(() => row.textContent(), { timeout: 10_000 }).toMatch(/Running/);
  await expect.poll(() => figure('Stored')).toMatch(/^1of 1 record read/);

  await page.reload();
  await page.getByText('Last files and uploads', { exact: true }).waitFor();
  await page.getByRole('button', { name: NAME, exact: true }).click();
  await card()
    .getByText(`Senders show a token that ends in ${sender.token.slice(-4)}.`)
    .waitFor();
  await expect(page.getByText(sender.token).count()).resolves.toBe(0);
  await page.evaluate(() => {
    window.location.hash = '#/queue';
  });
  await page.locator('#queue-list [role="row"][id]').filter({ hasText: TITLE }).waitFor();
});

test('what could not be read is kept with its place marked, is found by filters, and is read once it is mended', async () => {
  const other = '{"hello": "nobody"}';
  const titled = eveAlert({ id: 9, title: LONG_TITLE, severity: 3 }, Date.now());
  expect((await send(`${BROKEN}\n${other}\n${titled}\n`)).status).toBe(200);
  await goToScreen(page, 'sources');
  const every = letters().getByRole('button', { expanded: false }).filter({ hasText: NAME });
  await expect.poll(() => every.count()).toBe(2);

  await letters().getByLabel('With the text').fill('comma too many');
  await expect.poll(() => every.count()).toBe(1);
  await letters().getByLabel('With the text').fill('nobody wrote this');
  await letters().getByText('Nothing matches. Widen the filter above.').waitFor();
  await letters().getByLabel('With the text').fill('');
  await letters().getByLabel('Because of').click();
  await page.getByRole('option', { name: /^Unknown product \(1\)$/ }).click();
  await expect.poll(() => every.count()).toBe(1);
  await letters().getByLabel('With the text').fill('hello');
  await expect.poll(() => every.count()).toBe(1);
  await letters().getByLabel('With the text').fill('comma too many');
  await letters().getByText('Nothing matches. Widen the filter above.').waitFor();
  await page.getByRole('button', { name: `2: show what ${NAME} sent and could not be read` }).click();
  await expect.poll(() => every.count()).toBe(2);

  await letters().getByLabel('With the text').fill('comma too many');
  await expect.poll(() => every.count()).toBe(1);
  await every.click();
  await expect(letters().locator('mark').first().textContent()).resolves.toBe(',');
  await expectUsable(page, 'a dead letter');
  await letters().getByRole('button', { name: 'Mend its text' }).click();
  await letters().getByLabel('The record as it should have been').fill(BROKEN.replace(',,"proto":', ',"proto":'));
  await expectUsable(page, 'a dead letter that is mended');
  await letters().getByRole('button', { name: 'Read it as mended' }).click();
  await letters().getByText('Nothing matches. Widen the filter above.').waitFor();
  await letters().getByLabel('With the text').fill('');
  await expect.poll(() => every.count()).toBe(1);
  await page.evaluate(() => {
    window.location.hash = '#/queue';
  });
  await page.locator('#queue-list [role="row"][id]').filter({ hasText: 'a comma too many' }).waitFor();
});

test('a lead switches it off and on, and removes it only after a second word', async () => {
  await goToScreen(page, 'sources');
  await page.getByRole('button', { name: NAME, exact: true }).click();
  await card().getByRole('button', { name: 'Switch it off' }).click();
  await card().getByRole('button', { name: 'Switch it on' }).click();
  await card().getByRole('button', { name: 'Switch it off' }).waitFor();
  await card().getByRole('button', { name: 'Remove it' }).click();
  await expectUsable(page, 'a source about to be removed');
  await card().getByRole('button', { name: 'Keep it' }).click();
  await card().getByRole('button', { name: 'Remove it' }).click();
  await card()
    .getByRole('button', { name: `Remove ${NAME}` })
    .click();
  await page.getByText(/^None yet\. A lead sets one up/).waitFor();
  expect(complaints).toEqual([]);
});
