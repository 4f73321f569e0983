import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');

/** What axe-core leaves in a page. */
interface Axe {
  readonly axe: { run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> };
}

/** How people set up their screens. In forced colors, the browser replaces a page's colors by the person's own. */
const SCREENS = [
  { colorScheme: 'light' },
  { colorScheme: 'dark' },
  { colorScheme: 'light', forcedColors: 'active' },
] as const;

/** Expects no violation that axe-core knows of, in light, in dark, and in forced colors. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const screen of SCREENS) {
    await page.emulateMedia(screen);
    await page.evaluate(AXE); // not as a script tag, which the extension's own content security policy forbids
    const violations = () =>
      page.evaluate(async () => {
        const { axe } = globalThis as unknown as Axe;
        const { violations: found } = await axe.run();
        return found.map(({ id, nodes }) => [
          id,
          ...nodes.map(({ html, failureSummary }) => `${html}: ${failureSummary}`),
        ]);
      });
    // The colors of a busy page may change a moment later.
    const message = `${page.url()}, ${JSON.stringify(screen)}`;
    await expect.poll(violations, { timeout: 5_000, message }).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none' });
}
