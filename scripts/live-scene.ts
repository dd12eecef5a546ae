import type { Page } from 'playwright-core';

const NAME = 'Edge sensor';
const PORT = 8088;

function event(id: number, title: string, severity: number, timestamp: string): string {
  return JSON.stringify({
    timestamp,
    flow_id: 7_000_000 + id,
    event_type: 'alert',
    src_ip: `203.0.113.${20 + id}`,
    src_port: 40_100 + id,
    dest_ip: `10.20.4.${10 + id}`,
    dest_port: 443,
    proto: 'TCP',
    alert: {
      action: 'allowed',
      gid: 1,
      signature_id: 2_900_000 + id,
      rev: 2,
      signature: title,
      category: 'Attempted Information Leak',
      severity,
    },
  });
}

/** Opens the source, or the one record of it that could not be read; in an empty workspace they come into being first. */
export async function showLiveSource(page: Page, what: 'source' | 'letter', nowMs: number): Promise<void> {
  const name = page.getByRole('button', { name: NAME, exact: true });
  if ((await name.count()) === 0) await setUp(page, nowMs);
  const letters = page.getByRole('region', { name: 'Could not be read' });
  if (what === 'source') return name.click();
  await letters.getByRole('button', { expanded: false }).filter({ hasText: NAME }).click();
  await letters.locator('mark').first().waitFor();
  await letters.scrollIntoViewIfNeeded();
}

/** Sets a source up as a lead does, and sends it alerts and a broken record. */
async function setUp(page: Page, nowMs: number): Promise<void> {
  const at = new Date(nowMs - 60_000).toISOString().replace('Z', '+0000');
  await page.getByRole('button', { name: 'Set up a source' }).click();
  const form = page.getByRole('region', { name: 'Set up a source' });
  await form.getByText('HTTP push').click();
  await form.getByLabel('Name', { exact: true }).fill(NAME);
  await form.getByLabel('Port').fill(String(PORT));
  await form.getByRole('button', { name: 'Set up this source' }).click();
  const shown = page.getByText(/This token is shown this once/).locator('..');
  const token = (await shown.locator('code').textContent()) ?? '';
  await shown.getByText(`http://127.0.0.1:${PORT}/`).waitFor();
  await page.getByText('Waiting', { exact: true }).first().waitFor();
  const body = [
    event(1, 'ET POLICY Cleartext credentials in HTTP', 2, at),
    event(2, 'ET SCAN Suspicious inbound to MSSQL port 1433', 3, at),
    event(3, 'ET INFO Request to hidden environment file', 3, at).replace('"proto"', ',"proto"'),
  ];
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`http://127.0.0.1:${PORT}/v1/alerts`, { method: 'POST', headers, body: body.join('\n') });
  if (!answer.ok) throw new Error(`The source answered ${answer.status}.`);
  await page.reload();
  await page.getByRole('region', { name: 'Could not be read' }).getByText(NAME).first().waitFor();
}
