import type { Page } from 'playwright-core';
import { expectAccessible, expectReflow } from '../support/accessible.ts';
import { takeScreenshot } from '../support/screenshots.ts';

/** Expects a screen of the studio to be accessible, and to fit every window without sideways scrolling. */
export async function expectFits(page: Page, name: string): Promise<void> {
  await expectAccessible(page);
  await page.setViewportSize({ width: 1_920, height: 1_080 });
  await takeScreenshot(page, `studio ${name} 1920`, { fullPage: true });
  await expectReflow(page, (size) => takeScreenshot(page, `studio ${name} ${size}`, { fullPage: true }));
}
