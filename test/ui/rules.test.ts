import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from './browser.ts';
import { expectUsable } from './page-checks.ts';
import { goToScreen, openWindow, type SampleHub, startSampleHub, switchTo } from './sample-hub.ts';

const AUTHOR = 'Elif Yılmaz';
const SECOND = 'Sanne Postma';

let browser: Browser;
let hub: SampleHub;
let page: Page;
let complaints: string[];

// One window, in the order in which a rule is made, tried, proposed and approved.
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

const editor = () => page.getByRole('textbox', { name: 'Text of the rule' });
const save = () => page.getByRole('button', { name: 'Save as a draft' });
const preview = () => page.getByRole('region', { name: 'On the newest alerts' });
const messages = () => page.getByRole('region', { name: 'Messages' });

async function goTo(hash: string): Promise<void> {
  await page.evaluate((to) => {
    window.location.hash = to;
  }, hash);
}

/** Opens the editor from the first item of the queue whose row has these words. */
async function ruleFrom(words: string | RegExp): Promise<void> {
  await goTo('#/queue');
  const row = page.locator('#queue-list [role="row"][id]').filter({ hasText: words }).first();
  await row.click();
  await page.getByRole('complementary', { name: 'Detail' }).getByRole('heading').first().waitFor();
  await page.keyboard.press('r');
  await editor().waitFor();
}

test('r makes a rule of an item: the editor has the cursor, the text can be read, and the item is in the preview', async () => {
  await ruleFrom(/Agent event queue|ET |Integrity/);
  await page.getByText('Made from an alert, as narrow as it can be.').waitFor();
  await page.getByText('It can be read.').waitFor();
  await page.getByText('2 of 2 examples do as they should.').waitFor();
  expect(await editor().evaluate((element) => element.contains(document.activeElement))).toBe(true);
  await expect.poll(() => preview().locator('dl > div').first().textContent()).toMatch(/^Matched[1-9]/);
  await expectUsable(page, 'the editor');
});

test('a fault is named with its line, keeps the rule from being saved, and the preview stands still meanwhile', async () => {
  const before = await preview().locator('dl').textContent();
  await editor().focus();
  await page.keyboard.press('Control+Home');
  await page.keyboard.insertText('colour: blue\n');
  await page.getByText(/^Line 1, column 1: .*colour/).waitFor();
  await expect.poll(() => save().isDisabled()).toBe(true);
  await page.getByText('1 fault: it cannot be saved like this').waitFor();
  await preview()
    .getByText(/by the text before its fault/)
    .waitFor();
  await expect(preview().locator('dl').textContent()).resolves.toBe(before);
  await expect(page.locator('.cm-lint-marker-error').count()).resolves.toBe(1);
  await expectUsable(page, 'a fault in the editor');
  await page.keyboard.press('Control+z');
  await page.getByText('It can be read.').waitFor();
  await expect.poll(() => save().isEnabled()).toBe(true);
});

test('fields complete as they are typed, and the keyboard comes out of the editor', async () => {
  await editor().focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.insertText('proc');
  await page.keyboard.press('Control+Space');
  const list = page.getByRole('listbox');
  await list.getByRole('option', { name: /process\.command_line/ }).waitFor();
  await expectUsable(page, 'completion');
  await page.keyboard.press('Enter');
  await expect.poll(() => editor().textContent()).toMatch(/process\.\w+\s*$/);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await page.getByText('It can be read.').waitFor();
  await editor().focus();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Shift+Tab');
  expect(await editor().evaluate((element) => element.contains(document.activeElement))).toBe(false);
});

test('it is saved as a draft, and its page says what it is, with its version and what may be done', async () => {
  // A draft that still says what to write there is not proposed.
  await editor().focus();
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  for (let n = 0; n < 'rationale: '.length; n += 1) await page.keyboard.press('ArrowRight');
  await page.keyboard.insertText('It fires on the same few machines every night. ');
  await page.getByText('It can be read.').waitFor();
  await save().click();
  await page.getByRole('region', { name: /^Version 1 on history$/ }).waitFor();
  await page.getByText('It does not run.').waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Write a new version');
  await page.getByText('It has to be tried on history first.').waitFor();
  await expectUsable(page, 'a draft');
});

test('it is tried on history, proposed, and approved by a second person and not by its author', async () => {
  await page.getByRole('button', { name: 'Try it on history' }).click();
  await page.getByText('Would have closed', { exact: true }).waitFor();
  await expectUsable(page, 'a backtest');
  const answers = page.getByRole('button', { name: 'Answer', exact: true });
  for (let left = await answers.count(); left > 0; left -= 1) {
    await page.getByLabel('Why', { exact: true }).first().fill('It was the exercise of that week');
    await answers.first().click();
    await expect.poll(() => answers.count()).toBe(left - 1);
  }
  await page.getByLabel('What should they know?').fill('It fires on the same thing every night.');
  await page.getByRole('button', { name: 'Propose version 1' }).click();
  await page.getByRole('region', { name: 'What people say' }).waitFor();
  const approve = page.getByRole('button', { name: 'Approve version 1' });
  await page.getByLabel('Why', { exact: true }).fill('Looks right');
  await expect(approve.isDisabled()).resolves.toBe(true);
  await expectUsable(page, 'a proposal');

  await switchTo(page, SECOND);
  await page.getByLabel('Say something about it').fill('What does it leave alone?');
  await page.getByRole('button', { name: 'Comment' }).click();
  await page.getByText('What does it leave alone?').first().waitFor();
  await page.getByLabel('Why', { exact: true }).fill('The backtest shows nothing that matters');
  await approve.click();
  await page.getByText(/^Approved by Sanne Postma: The backtest shows/).waitFor();
});

test('what is noisy has a draft one click away', async () => {
  await switchTo(page, AUTHOR);
  await goToScreen(page, 'automation');
  const noise = page.getByRole('table', { name: /cost most minutes/ });
  await noise.getByRole('link', { name: 'Draft a rule from it' }).first().click();
  await editor().waitFor();
  await page.getByText('It can be read.').waitFor();
  // A title as long as it may be, that turns its direction round.
  await editor().focus();
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Shift+End');
  await page.keyboard.insertText(`title: "\u202E${'goes on and on '.repeat(16)}"`);
  await page.getByText('It can be read.').waitFor();
  await save().click();
  await page.getByRole('button', { name: 'Write a new version' }).waitFor();
  await expectUsable(page, 'a rule with a long title');
  await expect(page.locator('main h2').first().innerText()).resolves.not.toContain('\u202E');
  await page.getByRole('link', { name: 'Automation', exact: true }).last().click();
  await page.getByText('What rules closed, and why').first().waitFor();
});

test('a mute is one person’s, says so on Automation, and another looks at it', async () => {
  await goTo('#/queue');
  const row = page
    .locator('#queue-list [role="row"][id]')
    .filter({ hasText: /Agent event queue|ET |Integrity/ })
    .first();
  await row.click();
  await page.keyboard.press('.');
  await page.getByRole('dialog', { name: 'Actions' }).getByRole('button', { name: 'Mute what is like it' }).click();
  await page.getByLabel('Why', { exact: true }).fill('The agent is being replaced tonight');
  await expectUsable(page, 'the form of a mute');
  await page.getByLabel('For', { exact: true }).selectOption('4');
  await page.getByRole('button', { name: 'Mute it' }).click();
  await messages()
    .getByText(/^Muted what is like/)
    .waitFor();
  await goToScreen(page, 'automation');
  const mutes = page.getByRole('region', { name: 'Mutes' });
  await mutes.getByText('The agent is being replaced tonight').waitFor();
  expect(await mutes.textContent()).toMatch(/Muted: (?:Agent event queue|ET |Integrity)/);
  await expect(mutes.getByRole('button', { name: 'It was right' }).count()).resolves.toBe(0);
  await switchTo(page, SECOND);
  await mutes.getByPlaceholder('What you found').fill('It was replaced');
  await mutes.getByRole('button', { name: 'It was right' }).click();
  await messages().getByText(/./).first().waitFor();
  await expectUsable(page, 'automation with a mute');
  expect(complaints).toEqual([]);
});
