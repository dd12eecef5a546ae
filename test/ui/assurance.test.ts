import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from './browser.ts';
import { expectUsable } from './page-checks.ts';
import { goToScreen, openWindow, type Person, type SampleHub, startSampleHub, switchTo } from './sample-hub.ts';

const PEOPLE: readonly Person[] = ['Abena Owusu', 'Sanne Postma', 'Elif Yılmaz'];

let browser: Browser;
let hub: SampleHub;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  [browser, hub] = await Promise.all([launchBrowser(), startSampleHub()]);
  ({ page, complaints } = await openWindow(browser, hub));
  page.setDefaultTimeout(15_000);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

const board = () => page.getByRole('table', { name: 'Rules that close, and how well they are proven' });
const desk = () => page.getByRole('region', { name: 'Audit', exact: true });

test('each rule that closes has a bound with what it rests on, and its history as a plot that says itself in words', async () => {
  await switchTo(page, 'Abena Owusu');
  await goToScreen(page, 'assurance');
  const rows = board().locator('tbody tr');
  await rows.first().waitFor();
  for (const words of await rows.allTextContents())
    expect(words).toMatch(/nothing audited yet|at most [\d.]+ %.*may be [\d.]+ %/);
  const plots = await board()
    .getByRole('img')
    .evaluateAll((all) => all.map((plot) => plot.getAttribute('aria-label')));
  expect(plots.length).toBeGreaterThan(3);
  for (const words of plots) expect(words).toMatch(/^Bound of .+: from [\d.]+ % to [\d.]+ %, may be [\d.]+ %$/);
  const titles = await board().locator('tbody tr td:first-child a').allTextContents();
  expect(titles).toEqual([...titles].sort((a, b) => a.localeCompare(b, 'en')));
});

test('every share has its n, and no figure stands beside the name of a person who works', async () => {
  const figures = await page.locator('main dl').first().locator('dd').allTextContents();
  for (const figure of figures.filter((text) => text.includes('%'))) expect(figure).toMatch(/(of|in) [\d,]+/);
  // What is truly bad was not counted: the second rate is made out of the same audits.
  for (const rate of figures.slice(0, 2)) expect(rate).toMatch(/ in [\d,]+ audits;/);
  const people = page.getByRole('region', { name: 'Closures by people' });
  await people.waitFor();
  for (const person of PEOPLE) {
    await switchTo(page, person);
    await goToScreen(page, 'assurance');
    await people.waitFor();
    // Owners answer for a rule, in its line. Nowhere else is anybody named.
    const named = await page.locator('main').evaluate((main) => {
      const copy = main.cloneNode(true);
      if (!(copy instanceof HTMLElement)) return 'nothing';
      for (const line of copy.querySelectorAll('tbody td:first-child')) line.remove();
      return copy.textContent ?? '';
    });
    for (const name of PEOPLE) expect(named).not.toContain(name);
    expect((await people.textContent()) ?? '').not.toMatch(new RegExp(PEOPLE.join('|')));
  }
  await expectUsable(page, 'the board');
});

test('what is known of a rule opens below the board, with both rates in sentences', async () => {
  const more = board().getByRole('button', { name: /^More: what is known of Vulnerability scanner nights/ });
  await more.click();
  const evidence = page.getByRole('region', { name: 'Vulnerability scanner nights' });
  await evidence.getByText('Of what it closed, truly bad').waitFor();
  for (const words of (await evidence.locator('dd').allTextContents()).slice(0, 2)) {
    expect(words).toMatch(/\d of \d+|not known|no /i);
  }
  await expectUsable(page, 'the evidence of a rule');
  await board()
    .getByRole('button', { name: /^Less: / })
    .click();
  await expect.poll(() => evidence.count()).toBe(0);
});

test('an audit shows the alert and not who closed it, and is answered by keyboard alone', async () => {
  await switchTo(page, 'Sanne Postma');
  await goToScreen(page, 'assurance');
  await desk().getByRole('button', { name: 'Take the next audit' }).press('Enter');
  await desk()
    .getByText(/for review: do not act on it/)
    .waitFor();
  const words = (await desk().textContent()) ?? '';
  for (const name of PEOPLE) expect(words).not.toContain(name);
  expect(words).not.toMatch(/closed by|version \d/i);
  await expectUsable(page, 'an audit');

  const answer = desk().getByRole('button', { name: 'Answer this audit' });
  await expect(answer.isDisabled()).resolves.toBe(true);
  await desk()
    .getByRole('radio', { name: /^True positive/ })
    .check();
  await expect(answer.isDisabled()).resolves.toBe(true);
  await desk().getByText('It is opened again and goes to tier 2 as a question.').waitFor();
  await desk().getByRole('radio', { name: 'True positive: it should not have been closed' }).press('ArrowDown');
  await expect.poll(() => desk().getByRole('radio', { name: 'Benign true positive' }).isChecked()).toBe(true);
  await page.keyboard.press('Tab');
  await page.keyboard.type('It is the scanner of the team, on its night.');
  await answer.press('Enter');
  await page
    .getByRole('region', { name: 'Messages' })
    .getByText(/^Noted\./)
    .waitFor();
  await expect.poll(() => desk().getByRole('radio', { checked: true }).count()).toBe(0);
  expect(complaints).toEqual([]);
});
