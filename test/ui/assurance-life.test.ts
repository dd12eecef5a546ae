import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { terminalPorts } from '../../engine/bin/host-ports.ts';
import { SOURCE_RENDERER_DIR } from '../../engine/bin/resources-dir.ts';
import { type HttpHost, startHttpHost } from '../../engine/serve/http.ts';
import { type AssuranceSetting, lineOf, NOISE, openAssurance } from '../engine/assurance/assurance-setting.ts';
import { BEN, CYD, itemsOf, listOpen, statementOf } from '../engine/engine-setting.ts';
import { launchBrowser, openQueue } from './browser.ts';
import { expectUsable } from './page-checks.ts';

let dir: string;
let browser: Browser;
let setting: AssuranceSetting;
let host: HttpHost;
let page: Page;
let complaints: string[];

// One rule and one window, in the order in which a rule goes bad, is stopped, and gets its right back.
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'evenwatch-ui-assurance-'));
  [browser, setting] = await Promise.all([
    launchBrowser(),
    openAssurance({ kind: 'sqlite', path: join(dir, 'evenwatch.db') }),
  ]);
  const { handlers } = setting.engine;
  const listen = { host: '127.0.0.1', port: 0 };
  host = await startHttpHost({ handlers, ports: terminalPorts('error'), listen, rendererDir: SOURCE_RENDERER_DIR });
  await setting.closeByRule(20);
  await setting.tick();
  for (let n = 0; n < 2; n += 1) {
    const audit = await setting.take(BEN);
    await setting.answer(BEN, audit?.id ?? 0, 'true_positive', 'talks to a known bad address');
  }
  await setting.tick();
  ({ page, complaints } = await openAs('Lea Example'));
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await host?.close();
  await setting?.close();
  rmSync(dir, { recursive: true, force: true });
});

async function openAs(person: string) {
  const opened = await openQueue(browser, { link: () => host.mintLink(null) }, { person, width: 1280, height: 720 });
  opened.page.setDefaultTimeout(15_000);
  await opened.page.evaluate(() => {
    window.location.hash = '#/assurance';
  });
  await board(opened.page).waitFor();
  return opened;
}

const board = (on: Page = page) => on.getByRole('table', { name: 'Rules that close, and how well they are proven' });
const evidence = (on: Page = page) => on.getByRole('region', { name: 'Scanner noise' });
const messages = () => page.getByRole('region', { name: 'Messages' });
const more = (on: Page = page) => board(on).getByRole('button', { name: 'More: what is known of Scanner noise' });

/** A figure at the head of the board by its label. */
async function figure(label: string): Promise<string> {
  const one = page.locator('main dl').first().locator('div').filter({ hasText: label }).locator('dd').first();
  return (await one.textContent()) ?? '';
}

test('a rule that its audits stopped says so, with the reason and with how much went back to people', async () => {
  await board().getByText('Suspended', { exact: true }).waitFor();
  await more().press('Enter');
  await evidence().getByText('18 closures went back to people.').waitFor();
  await evidence()
    .getByText('Nothing is known of it since it was stopped.')
    .or(evidence().getByText(/people decided 0 alerts/))
    .waitFor();
  await expectUsable(page, 'a rule that was stopped');
});

test('who is no lead reads how it gets its right back, and is given no button for it', async () => {
  const other = await openAs('Ben Example');
  await more(other.page).press('Enter');
  await evidence(other.page)
    .getByText('A lead who does not own it can let it close again, on fresh evidence.')
    .waitFor();
  await expect(other.page.getByRole('button', { name: /Let it close again/ }).count()).resolves.toBe(0);
  await expect(other.page.getByRole('button', { name: /Plant/ }).count()).resolves.toBe(0);
  await other.page.context().close();
});

test('a lead lets it close again only on fresh decisions of people, and it comes back on trial', async () => {
  const again = evidence().getByRole('button', { name: 'Let it close again, on trial' });
  await expect(again.isDisabled()).resolves.toBe(true);
  await evidence().getByLabel('Why may it close again?').fill('The scanner moved; the rule is narrower now');
  await again.press('Enter');
  await messages()
    .getByText(/100 more decisions/)
    .waitFor();
  await board().getByText('Suspended', { exact: true }).waitFor();

  setting.clock.atMs += 60_000;
  await setting.closeByRule(120, 3000);
  const { items } = await listOpen(setting, CYD);
  await setting.engine.handlers.decisions.dispose(setting.as(CYD), {
    statement: statementOf('group.dispose'),
    selection: itemsOf(...items),
    disposition: 'false_positive',
    reason: 'the scanner',
  });
  await setting.tick();
  await evidence()
    .getByText('Since it was stopped people decided 120 alerts that it would have closed, 0 true positives among them.')
    .waitFor();
  await expect(evidence().getByLabel('Why may it close again?').inputValue()).resolves.toMatch(/narrower now/);
  await again.press('Enter');
  await board().getByText('Provisional', { exact: true }).waitFor();
  await expect.poll(() => again.count()).toBe(0);
  const [line] = (await setting.board()).rules;
  expect(line).toMatchObject({ state: 'provisional', suspension: null });
  expect((await setting.board()).suspensions).toMatchObject([
    { rearmedByName: 'Lea Example', rearmReason: 'The scanner moved; the rule is narrower now' },
  ]);
});

test('a planted true positive that nothing closes goes to people; one that a rule would close stops the rule', async () => {
  await expect(figure('Canaries closed')).resolves.toMatch(/^0none planted yet/);
  const plant = page.getByRole('button', { name: 'Plant a true positive' });
  await plant.press('Enter');
  const form = page.getByRole('form', { name: 'Plant a true positive' });
  const record = form.getByLabel('The record');
  await expect.poll(() => record.evaluate((element) => element === document.activeElement)).toBe(true);
  const send = form.getByRole('button', { name: 'Plant it' });
  await expect(send.isDisabled()).resolves.toBe(true);
  await expectUsable(page, 'the form of a planted true positive');

  await record.fill('{"hello": "nobody"}');
  await form.getByLabel('What it is, and why now').fill('The beacon of the spring exercise');
  await send.press('Enter');
  await messages()
    .getByText(/No product is known/)
    .waitFor();
  await expect(record.inputValue()).resolves.toBe('{"hello": "nobody"}');

  await record.fill(JSON.stringify(lineOf('10.9.9.9', 12)));
  await send.press('Enter');
  await messages().getByText('It reached people, as it should').waitFor();
  await expect.poll(() => plant.evaluate((element) => element === document.activeElement)).toBe(true);
  await expect.poll(() => figure('Canaries closed')).toMatch(/^0of 1 planted alert/);
  await board().getByText('Provisional', { exact: true }).waitFor();

  await plant.press('Enter');
  await record.fill(JSON.stringify(lineOf('10.9.9.10', NOISE + 77_777)));
  await form.getByLabel('What it is, and why now').fill('The same beacon in the scope of the rule');
  await send.press('Enter');
  await messages().getByText('A rule would have closed it and was suspended').waitFor();
  await board().getByText('Suspended', { exact: true }).waitFor();
  await expect.poll(() => figure('Canaries closed')).toMatch(/^1of 2 planted alerts/);
  expect((await setting.board()).rules[0]?.suspension).toMatchObject({ cause: 'canary' });
  expect(complaints).toEqual([]);
});
