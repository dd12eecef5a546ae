import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ownDataSchema } from '../../shared/contract/team.ts';
import { launchBrowser, openQueue, startHub, type TestHub } from './browser.ts';
import { expectAccessible } from './page-checks.ts';
import { someAlerts } from './records.ts';

let browser: Browser;
let hub: TestHub;

beforeAll(async () => {
  [browser, hub] = await Promise.all([launchBrowser(), startHub(someAlerts(Date.now(), 5))]);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

async function openMyWatch(person: string): Promise<{ page: Page; complaints: string[] }> {
  const opened = await openQueue(browser, hub, { person });
  await opened.page.getByRole('link', { name: 'My watch' }).click();
  await opened.page.getByRole('heading', { name: 'My duties' }).waitFor();
  return opened;
}

describe('my watch', () => {
  test('a remark is written beside a condition and withdrawn', async () => {
    const { page, complaints } = await openMyWatch('Ana Ruiz');
    await page.getByRole('button', { name: 'Say something about load ratio' }).click();
    // The form takes the keys, Esc gives them back, and what is written goes with Ctrl+Enter.
    const words = page.getByRole('textbox', { name: 'In my words' });
    const say = page.getByRole('button', { name: 'Say something about load ratio' });
    await expect.poll(() => words.evaluate((element) => element === document.activeElement)).toBe(true);
    await expectAccessible(page, 'the form of a remark');
    await page.keyboard.press('Escape');
    await expect.poll(() => say.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await words.waitFor();
    await page.keyboard.type('Half of it was training');
    await page.keyboard.press('Control+Enter');
    const list = page.getByRole('list', { name: 'What I wrote about load ratio' });
    await list.getByText('Half of it was training').waitFor();
    await expectAccessible(page, 'a remark');
    await list.getByRole('button', { name: 'Withdraw' }).click();
    await expect.poll(() => list.count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('a correction of the rota reaches a lead, and the answer comes back', async () => {
    const { page: own } = await openMyWatch('Ana Ruiz');
    await own.getByRole('button', { name: 'Ask for a correction' }).click();
    await own.getByRole('textbox', { name: 'What is wrong' }).fill('I stood in on Sunday');
    await own.getByRole('button', { name: 'Send to who keeps the rota' }).click();
    const list = own.getByRole('list', { name: 'Corrections of the rota that I asked for' });
    await list.getByText('I stood in on Sunday').waitFor();

    const { page: lead, complaints } = await openQueue(browser, hub, { person: 'Lea Marsh' });
    await lead.getByRole('link', { name: 'Team' }).click();
    await lead.getByText('I stood in on Sunday').waitFor();
    await expectAccessible(lead, 'a correction that a lead answers');
    await lead.getByRole('textbox', { name: 'Answer to Ana Ruiz' }).fill('Added.');
    await lead.getByRole('button', { name: 'Answer' }).click();
    await expect.poll(() => lead.getByText('I stood in on Sunday').count()).toBe(0);
    await list.getByText('Added.').waitFor();
    expect(complaints).toEqual([]);
  });

  test('indicators are paused and resumed', async () => {
    const { page } = await openMyWatch('Ben Ito');
    const load = page.getByRole('heading', { name: 'Load ratio' });
    await load.waitFor();
    await page.getByRole('button', { name: 'Pause my indicators' }).click();
    await page.getByRole('button', { name: 'Resume my indicators' }).waitFor();
    await expect.poll(() => load.count()).toBe(0);
    expect(await page.getByRole('heading', { name: 'Short rest' }).count()).toBe(1);
    await page.getByText('Nothing: you paused your indicators.').waitFor();
    await page.getByRole('button', { name: 'Resume my indicators' }).click();
    await load.waitFor();
  });

  test('a copy of my data is saved as JSON and as CSV', async () => {
    const { page, complaints } = await openMyWatch('Ana Ruiz');
    const save = async (format: 'JSON' | 'CSV') => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: `Save as ${format}` }).click(),
      ]);
      return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
    };
    const json = await save('JSON');
    expect(json.name).toBe('evenwatch-my-data.json');
    expect(ownDataSchema.parse(JSON.parse(json.text)).person.name).toBe('Ana Ruiz');
    const csv = await save('CSV');
    expect(csv.name).toBe('evenwatch-my-data.csv');
    expect(csv.text).toContain('person,1,name,Ana Ruiz\r\n');
    expect(complaints).toEqual([]);
  });
});
