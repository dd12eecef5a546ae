import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Rules that look at colours: all that can be kept in one scheme and broken in the other, where the same elements stand. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/** Violations in words. */
export async function violations(page: Page, scheme: 'light' | 'dark'): Promise<string[]> {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] });
  const { violations: found } = await (scheme === 'light' ? axe.withTags(WCAG) : axe.withRules(COLOUR_RULES)).analyze();
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary}`),
  );
}

/** How far the window itself can be scrolled: only parts of it may. */
export async function windowScroll(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { scrollHeight, clientHeight } = document.documentElement;
    return scrollHeight - clientHeight;
  });
}

/** Parts that are wider than the window or than the part that they scroll in. */
export async function sidewaysScroll(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const scrolling = [document.documentElement, ...document.querySelectorAll<HTMLElement>('main, main *')];
    return scrolling
      .filter((element) => element.scrollWidth > element.clientWidth + 1)
      .filter((element) => ['auto', 'scroll'].includes(getComputedStyle(element).overflowX))
      .map((element) => `${element.tagName}.${element.className}`);
  });
}

/** No violation of WCAG 2.2 AA in light or in dark. `what` names the state that is looked at. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    expect({ what, scheme, found: await violations(page, scheme) }).toEqual({ what, scheme, found: [] });
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

/** A state of a screen as everybody must be able to use it: in light and dark, and on every width. `what` names it. */
export async function expectUsable(page: Page, what: string): Promise<void> {
  const before = page.viewportSize() ?? { width: 1280, height: 720 };
  await expectAccessible(page, what);
  for (const width of [2560, 1440, 1280]) {
    await page.setViewportSize({ width, height: before.height });
    // Charts follow the width a moment later.
    const found = async () => ({ what, width, wide: await sidewaysScroll(page), scroll: await windowScroll(page) });
    await expect.poll(found).toEqual({ what, width, wide: [], scroll: 0 });
  }
  await page.setViewportSize(before);
}
