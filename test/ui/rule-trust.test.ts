import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from './browser.ts';
import { expectAccessible, expectUsable } from './page-checks.ts';
import { goToScreen, openWindow, type SampleHub, startSampleHub, switchTo } from './sample-hub.ts';

const AUTHOR = 'Elif Yılmaz';
const SECOND = 'Sanne Postma';

let browser: Browser;
let hub: SampleHub;
let page: Page;
let complaints: string[];

// One window, in order: what the first test proposes the second approves.
beforeAll(async () => {
  [browser, hub] = await Promise.all([launchBrowser(), startSampleHub()]);
  ({ page, complaints } = await openWindow(browser, hub, { width: 1440, height: 900 }));
  page.setDefaultTimeout(15_000);
  await switchTo(page, AUTHOR);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

const corrections = () => page.getByRole('region', { name: 'Corrected severities' });

async function goTo(hash: string): Promise<void> {
  await page.evaluate((to) => {
    window.location.hash = to;
  }, hash);
}

test('another severity is proposed from an item, for what its source rule claims', async () => {
  // From another screen, so that the queue is that of who sits here now.
  await goToScreen(page, 'automation');
  await goTo('#/queue');
  await page.getByRole('grid', { name: 'Queue' }).waitFor();
  const item = /ET RPC Executable/;
  await page.locator('#queue-list [role="row"][id]').filter({ hasText: item }).first().click();
  const detail = page.getByRole('complementary', { name: 'Detail' });
  // The detail follows the hand a moment later.
  await detail.getByRole('heading', { level: 2, name: item }).waitFor();
  const propose = detail.getByRole('button', { name: 'Propose another severity for what this source rule claims' });
  await detail.getByRole('button', { name: 'Show how' }).click();
  await propose.press('Enter');
  await page.keyboard.press('Escape');
  // Who thinks better of it goes on from there.
  await expect.poll(() => propose.evaluate((element) => element === document.activeElement)).toBe(true);
  await propose.click();
  const claimed = detail.getByLabel('When it claims');
  await claimed.selectOption('critical');
  const offered = await detail.getByLabel('Take it for').locator('option').allTextContents();
  expect(offered).toEqual(['High']);
  await claimed.selectOption('high');
  await detail.getByLabel('Take it for').selectOption('medium');
  const send = detail.getByRole('button', { name: 'Propose it' });
  expect(await send.isDisabled()).toBe(true);
  await detail.getByRole('textbox', { name: 'Why' }).fill('An inventory scan of ours that the product calls an attack');
  // Another width lays the detail over the list, anew: the form would be gone.
  await expectAccessible(page, 'the form for another severity');
  await send.click();
  await send.waitFor({ state: 'detached' });
  await goToScreen(page, 'automation');
  await corrections().getByText('You proposed it: a second person has to approve.').waitFor();
  expect(await corrections().getByRole('button', { name: 'Approve it' }).count()).toBe(0);
});

test('a second person approves it, and anybody takes it back', async () => {
  await switchTo(page, SECOND);
  await goToScreen(page, 'automation');
  await corrections().getByRole('textbox').fill('Seen it for months');
  await corrections().getByRole('button', { name: 'Approve it' }).click();
  await corrections().getByText(`Approved by ${SECOND}`).waitFor();
  await corrections().scrollIntoViewIfNeeded();
  await expectUsable(page, 'corrected severities');
  await corrections().getByRole('textbox').fill('It was an attack after all');
  await corrections().getByRole('button', { name: 'Take it back' }).click();
  await corrections()
    .getByText(/It was an attack after all/)
    .waitFor();
  expect(await corrections().getByRole('button').count()).toBe(0);
});

test('a rule says what it lacks for high severity, and a new version speaks beside the one that acts', async () => {
  await goToScreen(page, 'automation');
  await page.getByRole('link', { name: 'Vulnerability scanner nights' }).first().click();
  const high = page.getByRole('region', { name: 'High severity' });
  await high.getByText(/leaves high severity to people/).waitFor();
  expect(await high.locator('li').count()).toBeGreaterThan(1);
  await page.getByRole('button', { name: 'Write a new version' }).click();
  const editor = page.getByRole('textbox', { name: 'Text of the rule' });
  await editor.focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.insertText('\nfalsepositives: none\n');
  const save = page.getByRole('button', { name: 'Save as a draft' });
  await expect.poll(() => save.isEnabled()).toBe(true);
  await save.click();
  await page.getByRole('button', { name: 'Let it say what it would do' }).click();
  await page.getByRole('textbox', { name: 'Let it say what it would do' }).fill('See how the two differ');
  await page.getByRole('button', { name: 'Let it say what it would do' }).click();
  const beside = page.getByRole('region', { name: 'Beside the version in force' });
  await beside.getByText('Closed by both').waitFor();
  await page.getByRole('button', { name: /, beside it$/ }).waitFor();
  await beside.scrollIntoViewIfNeeded();
  await expectUsable(page, 'a rule with a version beside it');
  expect(complaints).toEqual([]);
});
