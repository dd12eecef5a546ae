import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from './browser.ts';
import { expectAccessible } from './page-checks.ts';
import { goToScreen, openWindow, type SampleHub, startSampleHub, switchTo } from './sample-hub.ts';

const HOUR_MS = 3_600_000;

let browser: Browser;
let hub: SampleHub;

beforeAll(async () => {
  [browser, hub] = await Promise.all([launchBrowser(), startSampleHub()]);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

describe('automation', () => {
  test('says of each closure why, by which rule and version, on which fields, and who is answerable', async () => {
    const { page } = await openWindow(browser, hub);
    await goToScreen(page, 'automation');
    const closures = page.getByRole('region', { name: 'What rules closed, and why' }).getByRole('listitem');
    await closures.first().waitFor();
    const first = closures.first();
    await expect(first.locator('p').first().textContent()).resolves.toMatch(/closed it as .+, because .+/);
    const summary = first.locator('summary');
    await expect(summary.textContent()).resolves.toMatch(/, version \d+, answerable: \S+/);
    await summary.click();
    await expect.poll(() => first.locator('ul li').count()).toBeGreaterThan(0);
    await expect(first.locator('ul li').first().textContent()).resolves.toMatch(/\S+ is .+, which meets .+ of \S+/);
    await page.context().close();
  });

  test('every share has its n, and the figures say since when', async () => {
    const { page } = await openWindow(browser, hub);
    await goToScreen(page, 'automation');
    const figures = await page.locator('main dl dd').allTextContents();
    for (const figure of figures.filter((text) => text.includes('%'))) expect(figure).toMatch(/% of [\d,]+/);
    expect(figures.some((text) => text.includes('%'))).toBe(true);
    await page.getByText(/^Since \d{4}-\d\d-\d\d \d\d:\d\d UTC/).waitFor();
    await page.context().close();
  });

  test('pauses with a reason, says so on every screen, and resumes; an analyst cannot', async () => {
    const { page } = await openWindow(browser, hub);
    await switchTo(page, 'Abena Owusu');
    await goToScreen(page, 'automation');
    await expect(page.getByRole('button', { name: 'Pause all automation' }).isDisabled()).resolves.toBe(true);
    await switchTo(page, 'Elif Yılmaz');
    const pause = page.getByRole('button', { name: 'Pause all automation' });
    await pause.click();
    const send = page.getByRole('dialog').getByRole('button', { name: 'Pause all automation' });
    await expect(send.isDisabled()).resolves.toBe(true);
    await page.getByRole('textbox', { name: 'Why' }).fill('A rule closed something it should not have');
    await send.click();
    await page.getByRole('link', { name: 'Automation is paused' }).waitFor();
    await page.getByRole('button', { name: 'Resume automation' }).click();
    await page.getByRole('textbox', { name: 'Why' }).fill('The rule is mended');
    await page.getByRole('dialog').getByRole('button', { name: 'Resume automation' }).click();
    await expect.poll(() => page.getByRole('link', { name: 'Automation is paused' }).count()).toBe(0);
    await page.context().close();
  });
});

test('my watch shows formula, inputs, limits, source and evidence of each condition', async () => {
  const { page } = await openWindow(browser, hub);
  await switchTo(page, 'Abena Owusu');
  await goToScreen(page, 'my-watch');
  for (const title of ['Load ratio', 'Short rest']) {
    const panel = page.getByRole('region', { name: title });
    await expect(panel.locator('dt').allTextContents()).resolves.toEqual(
      expect.arrayContaining(['Formula', 'Limits', 'Source', 'Evidence']),
    );
    for (const value of await panel.locator('dd').allTextContents()) expect(value.trim()).not.toBe('');
    await expect(panel.textContent()).resolves.toMatch(/Last \d+ days/);
  }
  await page.getByText(/Not a medical or burnout measurement/).waitFor();
  const words = (await page.locator('main').textContent()) ?? '';
  expect(words).not.toMatch(/score|rank|productiv|performance|best|worst|top \d/i);
  await page.context().close();
});

test('an escalation is accepted, one answered and one returned with a reason', async () => {
  const { page } = await openWindow(browser, hub);
  await switchTo(page, 'Sanne Postma');
  await goToScreen(page, 'escalations');
  const mine = page.getByRole('region', { name: 'To my tier' });
  const waiting = await mine.getByRole('article').count();
  expect(waiting).toBeGreaterThanOrEqual(2);
  await mine.getByRole('button', { name: 'Accept' }).first().click();
  await mine.getByText(/Sanne Postma has it\./).waitFor();

  await mine.getByRole('button', { name: 'Answer' }).first().press('Enter');
  await expectAccessible(page, 'the form of an answer');
  await page.keyboard.type('It is the backup of the third floor. Close it.');
  await page.keyboard.press('Control+Enter');
  await expect.poll(() => mine.getByRole('article').count()).toBe(waiting - 1);
  // Whoever answered goes on from what is left, and not from the top of the window.
  await expect.poll(() => mine.evaluate((element) => element.contains(document.activeElement))).toBe(true);

  await mine.getByRole('button', { name: 'Return with a reason' }).first().click();
  await page.keyboard.type('Which host is meant?');
  await page.keyboard.press('Control+Enter');
  await expect.poll(() => mine.getByRole('article').count()).toBe(waiting - 2);

  await page.getByText('With answered').click();
  const done = page.getByRole('region', { name: 'Answered and returned' });
  await done.getByText('It is the backup of the third floor. Close it.').waitFor();
  await done.getByText('Which host is meant?').waitFor();
  await page.context().close();
});

// Last, because it lets the clock go on by a day.
test('the team has no band before the record, none on the day of it, and bands after 24 hours', async () => {
  const first = await openWindow(browser, hub);
  await switchTo(first.page, 'Elif Yılmaz');
  await goToScreen(first.page, 'team');
  const panel = (page: Page) => page.getByRole('region', { name: 'Strain conditions' });
  await expect(panel(first.page).getByRole('table').count()).resolves.toBe(0);

  await first.page.getByRole('button', { name: 'Record it and open bands to leads' }).click();
  await panel(first.page).getByText('Write the day as year-month-day, such as 2026-11-02.').waitFor();
  await panel(first.page).getByLabel('Impact assessment').fill('DPIA 12');
  await panel(first.page).getByLabel('People informed on').fill('2026-11-02');
  await panel(first.page).getByLabel('Consultation').fill('Representatives on 2026-11-03, agreed');
  await panel(first.page).getByLabel('Country policy').fill('country-eu');
  await panel(first.page).getByLabel('Purpose').fill('To move work and rest in time');
  await first.page.getByRole('button', { name: 'Record it and open bands to leads' }).click();
  await panel(first.page).getByRole('table').waitFor();
  await panel(first.page).getByText('Nobody has a band that they could see for 24 hours.').waitFor();

  // Bands are looked at once an hour, and each has to have stood before its owner for 24.
  hub.advance(1.1 * HOUR_MS);
  await goToScreen(first.page, 'my-watch');
  await first.page.getByText(/Only you see this; leads from/).waitFor();
  await goToScreen(first.page, 'team');
  await panel(first.page).getByText('Nobody has a band that they could see for 24 hours.').waitFor();
  await first.page.context().close();
  hub.advance(24 * HOUR_MS);
  const next = await openWindow(browser, hub);
  await switchTo(next.page, 'Elif Yılmaz');
  await goToScreen(next.page, 'team');
  const rows = panel(next.page).locator('tbody tr');
  await expect
    .poll(async () => (await rows.first().textContent()) ?? '', { timeout: 10_000 })
    .toMatch(/Green|Amber|Red|Not enough data/);
  const names = await rows.locator('td:first-child').allTextContents();
  const roster = await next.page
    .getByRole('table', { name: 'People, in roster order' })
    .locator('td:first-child')
    .allTextContents();
  expect(names).toEqual(roster.filter((name) => names.includes(name)));
  await expect(panel(next.page).locator('tbody').textContent()).resolves.not.toMatch(/\d+(\.\d+)? %|\bratio \d/);
  // There is nothing that sorts people.
  await expect(panel(next.page).locator('th button, th[aria-sort]').count()).resolves.toBe(0);
  await panel(next.page).getByRole('button', { name: 'Close bands to leads' }).click();
  await expect.poll(() => panel(next.page).getByRole('table').count()).toBe(0);
  await next.page.context().close();
});
