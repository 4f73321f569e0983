import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { findChromium } from '../../support/find-chromium.ts';
import { findFirefox } from '../../support/find-firefox.ts';

/** Opens a page without a window, and returns what closes the browser. */
export type OpenBrowser = (url: string) => Promise<() => Promise<void>>;

/** The browsers to measure, by name. They need no extension. @throws RangeError if one is missing. */
export function browsers(): Readonly<Record<string, OpenBrowser>> {
  const [chromiumPath, firefoxPath] = [findChromium(), findFirefox()];
  if (!chromiumPath || !firefoxPath) throw new RangeError('prepared needs Chromium and Firefox');
  return {
    chromium: (url) => openChromium(chromiumPath, url),
    firefox: (url) => openFirefox(firefoxPath, url),
  };
}

async function openChromium(executablePath: string, url: string): Promise<() => Promise<void>> {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  await (await browser.newPage()).goto(url);
  return () => browser.close();
}

async function openFirefox(executablePath: string, url: string): Promise<() => Promise<void>> {
  const profile = await mkdtemp(join(tmpdir(), 'swipenet-firefox-'));
  await writeFile(join(profile, 'user.js'), 'user_pref("browser.aboutwelcome.enabled", false);\n');
  const child = spawn(executablePath, ['--headless', '--no-remote', '--profile', profile, url], { stdio: 'ignore' });
  return async () => {
    const exited = once(child, 'exit');
    child.kill();
    await exited;
    await rm(profile, { recursive: true, force: true });
  };
}
