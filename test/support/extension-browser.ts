import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BrowserContext, chromium, type Page, type Worker } from 'playwright-core';
import type { Settings } from '../../extension/src/storage/settings.ts';

/** The production build that people load. */
export const EXTENSION_FOLDER = fileURLToPath(new URL('../../dist/extension-chrome', import.meta.url));

/** Chromium with the extension loaded and a profile of its own. */
export class ExtensionBrowser {
  readonly context: BrowserContext;
  readonly #profile: string;
  readonly #folder: string;
  readonly #id: string;

  private constructor(context: BrowserContext, profile: string, folder: string, id: string) {
    this.context = context;
    this.#profile = profile;
    this.#folder = folder;
    this.#id = id;
  }

  /**
   * Opens Chromium. `args` are extra command-line arguments; `folder` is another build. With `updates`, the extension gets
   * a folder of its own, into which {@link update} writes.
   */
  static async open(
    executablePath: string,
    options: { headless: boolean; dark?: boolean; args?: readonly string[]; folder?: string; updates?: boolean },
  ): Promise<ExtensionBrowser> {
    const { folder: build = EXTENSION_FOLDER } = options;
    const profile = await mkdtemp(join(tmpdir(), 'swipenet-browser-'));
    const folder = options.updates ? join(profile, 'swipenet') : build;
    if (options.updates) await cp(build, folder, { recursive: true });
    const context = await chromium.launchPersistentContext(profile, {
      executablePath,
      headless: options.headless,
      viewport: options.headless ? { width: 1100, height: 800 } : null,
      colorScheme: options.dark ? 'dark' : 'light',
      args: [
        `--disable-extensions-except=${folder}`,
        `--load-extension=${folder}`,
        '--no-first-run',
        '--lang=en',
        ...(options.args ?? []),
      ],
    });
    const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
    return new ExtensionBrowser(context, profile, folder, new URL(worker.url()).host);
  }

  /** The extension's background worker. */
  async worker(): Promise<Worker> {
    return this.context.serviceWorkers()[0] ?? (await this.context.waitForEvent('serviceworker'));
  }

  /** Returns the URL of an extension page. */
  address(path: string): string {
    return `chrome-extension://${this.#id}/${path}`;
  }

  /** Opens an extension page in a tab. */
  async openOwn(path: 'popup.html' | 'options.html' | 'consent.html' | 'swipe-history.html'): Promise<Page> {
    const page = await this.context.newPage();
    if (path === 'popup.html') await page.setViewportSize({ width: 340, height: 520 });
    await page.goto(this.address(path));
    return page;
  }

  /** Updates the extension to a newer version, which requires these permissions. */
  async update(permissions: readonly string[]): Promise<void> {
    const path = join(this.#folder, 'manifest.json');
    const manifest = JSON.parse(await readFile(path, 'utf8')) as { permissions: string[] };
    const newer = { ...manifest, version: '9.0.0', permissions: [...manifest.permissions, ...permissions] };
    await writeFile(path, JSON.stringify({ ...newer, optional_permissions: [] }));
    const settings = await this.context.newPage();
    await settings.goto('chrome://extensions');
    // People who load a folder have this on. Without it, the browser turns a folder's extension off as it reloads it.
    await settings.evaluate(async () => {
      const { developerPrivate } = (globalThis as unknown as SettingsPage).chrome;
      await developerPrivate.updateProfileConfiguration({ inDeveloperMode: true });
    });
    await settings.close();
    const worker = await this.worker();
    const updated = this.context.waitForEvent('serviceworker');
    const reload = () => (globalThis as unknown as { chrome: { runtime: { reload(): void } } }).chrome.runtime.reload();
    await worker.evaluate(reload).catch(() => {}); // it ends before it can answer
    await updated; // until then, the browser opens none of the extension's pages
  }

  /** Closes the browser and removes its profile. */
  async close(): Promise<void> {
    await this.context.close();
    await rm(this.#profile, { recursive: true, force: true });
  }
}

/** Changes the stored settings, as options and popup do. Returns all of them. */
export async function storeSettings(browser: ExtensionBrowser, change: Partial<Settings>): Promise<Settings> {
  const worker = await browser.worker();
  return await worker.evaluate(async (changed) => {
    const { local } = (globalThis as unknown as { chrome: { storage: { local: SettingsArea } } }).chrome.storage;
    const { settings } = await local.get('settings');
    const stored = { ...settings, ...changed };
    if (Object.keys(changed).length > 0) await local.set({ settings: stored });
    return stored;
  }, change);
}

/** What exists in the browser's settings page of extensions. */
interface SettingsPage {
  readonly chrome: {
    readonly developerPrivate: { updateProfileConfiguration(update: { inDeveloperMode: true }): Promise<void> };
  };
}

/** What exists in the extension's worker. */
interface SettingsArea {
  get(key: 'settings'): Promise<{ settings: Settings }>;
  set(items: { settings: object }): Promise<void>;
}

/** What to enter in the options. */
export interface OptionEntries {
  readonly address?: string;
  readonly token?: string;
  /** Swipes per minute, or no pause between them. */
  readonly pace?: number | 'none';
}

/** Gives consent on the extension's page, as a person would. */
export async function consent(browser: ExtensionBrowser): Promise<void> {
  // The extension opens this page when it is installed.
  const opened = browser.context.pages().find((page) => page.url().endsWith('/consent.html'));
  const page = opened ?? (await browser.openOwn('consent.html'));
  await page.bringToFront();
  await page.getByRole('button', { name: 'I agree' }).click();
  await page.getByText('Thank you').waitFor();
  await page.close();
}

/** Lets Swipenet learn from swipes, on the extension's page, as a person would. */
export async function consentToLearning(browser: ExtensionBrowser): Promise<void> {
  const page = await browser.openOwn('consent.html');
  await page.getByRole('button', { name: 'Learn from my swipes' }).click();
  await page.getByText('Learning is on').waitFor();
  await page.close();
}

/** Fills in the options, tests the server if an address is given, and saves. Returns the result of the test. */
export async function setOptions(page: Page, entries: OptionEntries): Promise<string> {
  await page.bringToFront(); // a background tab draws one frame per second, and clicks wait for frames
  const labels = { address: 'Address', token: 'Token' } as const;
  const { pace, ...texts } = entries;
  for (const [name, text] of Object.entries(texts)) {
    await page.getByLabel(labels[name as keyof typeof texts], { exact: true }).fill(text);
  }
  if (pace !== undefined) await setPace(page, pace);
  const tried = page.locator('#tried');
  if (entries.address) {
    await page.getByRole('button', { name: 'Try it' }).click();
    await page.getByText(/^(Connected:|Connection failed)/).waitFor();
  }
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText(/^Saved/).waitFor();
  return (await tried.textContent()) ?? '';
}

/** Sets the pace, or turns it off and confirms the warning. */
async function setPace(options: Page, pace: number | 'none'): Promise<void> {
  const limit = options.getByRole('checkbox', { name: 'Swipes per minute', exact: true });
  if (pace !== 'none') {
    await limit.check();
    await options.getByRole('spinbutton', { name: 'Swipes per minute', exact: true }).fill(String(pace));
  } else if (await limit.isChecked()) {
    await limit.click(); // it stays checked until the warning is confirmed
    await options.getByRole('button', { name: 'Swipe without pauses' }).click();
  }
}

/**
 * Resizes a popup that is open in a tab to the height of its content, as in the toolbar. Returns that height in pixels.
 */
export async function fitPopup(popup: Page): Promise<number> {
  const height = await popup.evaluate(() => Math.ceil(document.body.getBoundingClientRect().height));
  await popup.setViewportSize({ width: 340, height });
  return height;
}

/** Selects a mode in the popup. */
export async function chooseMode(popup: Page, mode: 'Off' | 'Show' | 'Learn' | 'Swipe'): Promise<void> {
  await popup.bringToFront();
  await popup.getByRole('radio', { name: mode, exact: true }).check();
}
