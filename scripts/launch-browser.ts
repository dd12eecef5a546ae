import { existsSync } from 'node:fs';
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';

/** Only what a sandbox without a display needs, and nothing that talks to the network. Web security stays on. */
const ARGUMENTS = [
  '--no-sandbox',
  '--headless=shell',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A real Chromium: the system's where there is one, else the one from npm. */
export async function launchBrowser(): Promise<Browser> {
  const system = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path));
  return playwright.launch({
    executablePath: system ?? (await chromium.executablePath()),
    args: ARGUMENTS,
    headless: true,
  });
}
