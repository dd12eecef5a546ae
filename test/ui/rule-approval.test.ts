import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { terminalPorts } from '../../engine/bin/host-ports.ts';
import { SOURCE_RENDERER_DIR } from '../../engine/bin/resources-dir.ts';
import { type HttpHost, startHttpHost } from '../../engine/serve/http.ts';
import { BACKTEST_NEWS } from '../../engine/triage/history/backtest-commands.ts';
import { ANA, CYD, itemsOf, listOpen, openSetting, type Setting, statementOf } from '../engine/engine-setting.ts';
import { eve } from '../engine/ingest/pipeline-setting.ts';
import { launchBrowser, openQueue } from './browser.ts';
import { expectUsable } from './page-checks.ts';

const RULE_ID = '7d8f4a1e-0c3b-4d8a-9a55-0e8f0a4f7c22';
const RULE = `title: Scanner noise
id: ${RULE_ID}
rationale: The scanner runs nightly and its probes trip this signature.
owner: detection-lead
status: draft
expires: 2026-06-30
detection:
  scan:
    rule.name|startswith: ET SCAN
  condition: scan
actions:
  - close: benign_true_positive
`;

let dir: string;
let browser: Browser;
let setting: Setting;
let host: HttpHost;
let page: Page;
let complaints: string[];

// One draft, in the order in which it is tried, answered for, proposed and approved.
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'evenwatch-ui-approval-'));
  [browser, setting] = await Promise.all([
    launchBrowser(),
    openSetting({ kind: 'sqlite', path: join(dir, 'evenwatch.db') }),
  ]);
  await setting.ingestEve(
    Array.from({ length: 40 }, (_, n) => {
      const signature = n < 4 ? `ET SCAN Probe ${n}` : `ET INFO Finding ${n}`;
      return eve({ flow: n, sid: 3000 + n, signature, priority: 3, source: `10.1.${n}.1` });
    }),
  );
  const { items } = await listOpen(setting, CYD);
  const ofScan = items.filter(({ title }) => title.startsWith('ET SCAN'));
  expect(ofScan).toHaveLength(4);
  const { decisions, rules } = setting.engine.handlers;
  const dispose = (some: typeof items, disposition: 'true_positive' | 'false_positive') =>
    decisions.dispose(setting.as(CYD), {
      statement: statementOf('group.dispose'),
      selection: itemsOf(...some),
      disposition,
      reason: 'looked at it',
    });
  await dispose(ofScan.slice(0, 3), 'true_positive');
  await dispose(ofScan.slice(3), 'false_positive');
  await rules.save(setting.as(ANA), { statement: statementOf('rule.save'), id: null, basedOn: null, document: RULE });
  const { handlers } = setting.engine;
  const listen = { host: '127.0.0.1', port: 0 };
  host = await startHttpHost({ handlers, ports: terminalPorts('error'), listen, rendererDir: SOURCE_RENDERER_DIR });
  ({ page, complaints } = await openAs('Ana Example'));
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await host?.close();
  await setting?.close();
  rmSync(dir, { recursive: true, force: true });
});

async function openAs(person: string) {
  const opened = await openQueue(browser, { link: () => host.mintLink(null) }, { person, width: 1280, height: 800 });
  opened.page.setDefaultTimeout(15_000);
  await goTo(`#/automation/rule/${RULE_ID}`, opened.page);
  await history(opened.page).waitFor();
  return opened;
}

async function goTo(hash: string, on: Page): Promise<void> {
  await on.evaluate((to) => {
    window.location.hash = to;
  }, hash);
}

const history = (on: Page = page) => on.getByRole('region', { name: 'Version 1 on history' });
const propose = () => page.getByRole('button', { name: 'Propose version 1' });
const whys = () => history().getByRole('textbox', { name: 'Why' });

/** Holds the runner back once it has said that it runs, until it is let go. */
function holdBacktest(): () => void {
  const { writer } = setting.engine;
  const run = writer.run.bind(writer);
  const gate = Promise.withResolvers<void>();
  writer.run = async (name, input, actor) => {
    const answer = await run(name, input, actor);
    if (name === BACKTEST_NEWS) await gate.promise;
    return answer;
  };
  return () => {
    writer.run = run;
    gate.resolve();
  };
}

test('a backtest that runs is cancelled from where it was started, stays so, and can be tried again', async () => {
  await page.getByText('It has to be tried on history first.').waitFor();
  const letGo = holdBacktest();
  await history().getByRole('button', { name: 'Try it on history' }).press('Enter');
  await history().getByText('0 % is read.').waitFor();
  await expect(history().getByRole('progressbar').getAttribute('aria-valuenow')).resolves.toBe('0');
  await expectUsable(page, 'a backtest that runs');
  const cancel = history().getByRole('button', { name: 'Cancel' });
  // The keys go on where they were.
  await expect(cancel.evaluate((element) => element === document.activeElement)).resolves.toBe(true);
  await cancel.press('Enter');
  await history().getByText('It was cancelled. Try it again.').waitFor();
  const first = await setting.engine.handlers.rules.newestBacktest(setting.as(ANA), { id: RULE_ID, version: 1 });
  letGo();

  await history().getByRole('button', { name: 'Try it again' }).press('Enter');
  await history().getByText('Would have closed', { exact: true }).waitFor();
  await history().getByText('with 4 alerts: 10 % of 40').waitFor();
  const cancelled = { backtestId: first?.id ?? 0 };
  await expect(setting.engine.handlers.rules.backtestOf(setting.as(ANA), cancelled)).resolves.toMatchObject({
    state: 'cancelled',
    report: null,
  });
});

test('each true positive that it would have closed blocks it until somebody answered for that one', async () => {
  await page.getByLabel('What should they know?').fill('It fires on the scanner and on nothing else.');
  for (const [left, answer] of [
    [3, null],
    [2, 'It may be closed, and why'],
    [1, 'A condition was added that leaves it out'],
  ] as const) {
    await history().getByText(`3 true positives that it would have closed, ${left} not answered yet`).waitFor();
    await page
      .getByText(
        `${left === 1 ? '1 true positive above has' : `${left} true positives above have`} to be answered for first.`,
      )
      .waitFor();
    await expect(propose().isDisabled()).resolves.toBe(true);
    await expect(whys().count()).resolves.toBe(left);
    if (left === 3) {
      await expectUsable(page, 'true positives of a backtest');
      await whys().first().focus();
    }
    // From the second on, the field of the next has the keys.
    await expect
      .poll(() =>
        whys()
          .first()
          .evaluate((element) => element === document.activeElement),
      )
      .toBe(true);
    if (answer !== null) {
      await history().getByLabel('Answer', { exact: true }).first().click();
      await page.getByRole('option', { name: answer }).click();
      await whys().first().focus();
    }
    await page.keyboard.type(`It was the exercise, as the calendar of week ${left} says`);
    await page.keyboard.press('Enter');
  }
  await history().getByText('3 true positives that it would have closed, 0 not answered yet').waitFor();
  await history()
    .getByText('It was no true positive: It was the exercise, as the calendar of week 3 says (Ana Example)')
    .waitFor();
  await history()
    .getByText(/^It may be closed, and why: .* week 2 says \(Ana Example\)$/)
    .waitFor();
  await history()
    .getByText(/^A condition was added that leaves it out: .* week 1 says \(Ana Example\)$/)
    .waitFor();
  await expect.poll(() => propose().isEnabled()).toBe(true);
});

test('it is proposed; its author cannot approve it; a second person comments, approves, and reads that it acts', async () => {
  await propose().press('Enter');
  await page.getByRole('region', { name: 'What people say' }).waitFor();
  const hash = await page.evaluate(() => window.location.hash);
  await page.getByLabel('Why', { exact: true }).fill('It is right');
  await expect(page.getByRole('button', { name: 'Approve version 1' }).isDisabled()).resolves.toBe(true);

  const second = await openAs('Cyd Example');
  await goTo(hash, second.page);
  await second.page.getByText('It fires on the scanner and on nothing else.').waitFor();
  await second.page.getByText(/^It was no true positive: .* \(Ana Example\)$/).waitFor();
  await second.page.getByLabel('Say something about it').fill('Which scanner is it?');
  await second.page.getByRole('button', { name: 'Comment' }).press('Enter');
  // Whoever looks at it meanwhile sees it come.
  await page.getByRole('region', { name: 'What people say' }).getByText('Which scanner is it?').waitFor();
  await second.page.getByLabel('Why', { exact: true }).fill('Read its backtest and the answers');
  await second.page.getByRole('button', { name: 'Approve version 1' }).press('Enter');
  const outcome = second.page.getByText('Approved by Cyd Example: Read its backtest and the answers');
  await outcome.waitFor();
  await expect.poll(() => outcome.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.getByText('Approved by Cyd Example: Read its backtest and the answers').waitFor();

  await goTo(`#/automation/rule/${RULE_ID}`, second.page);
  await second.page.getByText('Provisional', { exact: true }).first().waitFor();
  await second.page.getByText('1, in force').waitFor();
  const report = await setting.ingestEve([eve({ flow: 900, signature: 'ET SCAN Probe 9', source: '10.9.9.9' })]);
  expect(report.autoClosed).toBe(1);
  expect([...complaints, ...second.complaints]).toEqual([]);
});
