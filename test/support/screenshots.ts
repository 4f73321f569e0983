import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ARTIFACTS = fileURLToPath(new URL('../artifacts/', import.meta.url));

/** Something that can be photographed: a page of Playwright, or a tab of Firefox. */
interface Shown<Options> {
  screenshot(options?: Options): Promise<Uint8Array>;
}

/**
 * Saves a screenshot as test/artifacts/NAME.png. Those named `failed…` are always taken. The others are for people to
 * look at and cost a tenth of the browser tests' time, so they are taken only if SWIPENET_SCREENSHOTS is set.
 */
export async function takeScreenshot<Options extends { readonly fullPage?: boolean }>(
  page: Shown<Options>,
  name: string,
  options?: Options,
): Promise<void> {
  if (!name.startsWith('failed') && !process.env.SWIPENET_SCREENSHOTS) return;
  mkdirSync(ARTIFACTS, { recursive: true });
  writeFileSync(`${ARTIFACTS}/${name.replaceAll(/[^\p{L}\d]+/gu, '-')}.png`, await page.screenshot(options));
}
