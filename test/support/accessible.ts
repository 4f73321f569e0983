import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');

/** What axe-core leaves in a page. */
interface Axe {
  readonly axe?: {
    run(options: { runOnly?: string[] }): Promise<{
      violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
    }>;
  };
}

/** The rules of axe-core that depend on colors. */
const COLOR_RULES = ['color-contrast', 'link-in-text-block'];

/** How people set up their screens. In forced colors, the browser replaces a page's colors by the person's own. */
const SCREENS = [
  { colorScheme: 'light', runOnly: undefined },
  { colorScheme: 'dark', runOnly: COLOR_RULES },
  { colorScheme: 'light', forcedColors: 'active', runOnly: COLOR_RULES },
] as const;

/** Expects no violation that axe-core knows of, in light, in dark, and in forced colors. */
export async function expectAccessible(page: Page): Promise<void> {
  const isThere = await page.evaluate(() => (globalThis as unknown as Axe).axe !== undefined);
  if (!isThere) await page.evaluate(AXE); // not as a script tag, which the extension's own content security policy forbids
  for (const { runOnly, ...screen } of SCREENS) {
    await page.emulateMedia(screen);
    const violations = () =>
      page.evaluate(
        async (rules) => {
          const { axe } = globalThis as unknown as Axe;
          const { violations: found } = await axe!.run(rules ? { runOnly: rules } : {});
          return found.map(({ id, nodes }) => [
            id,
            ...nodes.map(({ html, failureSummary }) => `${html}: ${failureSummary}`),
          ]);
        },
        runOnly as string[] | undefined,
      );
    // The colors of a busy page may change a moment later.
    const message = `${page.url()}, ${JSON.stringify(screen)}`;
    await expect.poll(violations, { timeout: 5_000, message }).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none' });
}

/** Windows in which a page must fit: narrow, and zoomed to 200% in two ways, all of the page or only its text. */
const WINDOWS = [
  { width: 320, height: 640, text: '' },
  { width: 640, height: 480, text: '' },
  { width: 640, height: 480, text: '200%' },
] as const;

/** Expects that no window makes the person scroll sideways. `look` is called in each of them. */
export async function expectReflow(page: Page, look: (name: string) => Promise<void> = async () => {}): Promise<void> {
  const before = page.viewportSize()!;
  for (const { width, height, text } of WINDOWS) {
    await page.setViewportSize({ width, height });
    const needed = () =>
      page.evaluate((size) => {
        document.documentElement.style.fontSize = size;
        return document.documentElement.scrollWidth;
      }, text);
    const name = `${width} px${text && ' and text of '}${text}`;
    // Charts and lists follow the window a frame later.
    await expect.poll(needed, { message: `${page.url()}, ${name}` }).toBeLessThanOrEqual(width);
    await look(name);
  }
  await page.evaluate(() => document.documentElement.style.removeProperty('font-size'));
  await page.setViewportSize(before);
}
