import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { FirefoxTab } from './firefox-tab.ts';
import { Marionette } from './marionette.ts';

/** The production build for Firefox. */
export const FIREFOX_FOLDER = fileURLToPath(new URL('../../dist/extension-firefox', import.meta.url));

/** The extension's ID, from the manifest. */
const ID = 'swipenet@swipenet.dev';

/** Keeps Firefox from asking and from calling home. */
const PREFERENCES = {
  'marionette.port': 0, // a free one, which it writes to its profile
  'alerts.useSystemBackend': false, // draws notifications itself, because a machine for tests has no service for them
  'app.normandy.enabled': false,
  'app.update.disabledForTesting': true,
  'browser.aboutwelcome.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.getAddons.cache.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'security.notification_enable_delay': 0, // a prompt takes clicks at once
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
};

const opening = { timeout: 20_000, interval: 20 };

/**
 * Firefox with the extension loaded as people load it, temporarily, and a profile of its own. Playwright's Firefox is a
 * build of its own that can't load extensions, so this drives the ordinary one through {@link Marionette}.
 */
export class FirefoxBrowser {
  readonly #marionette: Marionette;
  readonly #process: ChildProcess;
  readonly #profile: string;
  #origin = '';

  private constructor(marionette: Marionette, process: ChildProcess, profile: string) {
    this.#marionette = marionette;
    this.#process = process;
    this.#profile = profile;
  }

  /** Opens Firefox without a window and loads the extension's folder. */
  static async open(
    executablePath: string,
    preferences: Readonly<Record<string, string | number | boolean>> = {},
  ): Promise<FirefoxBrowser> {
    const profile = await mkdtemp(join(tmpdir(), 'swipenet-firefox-'));
    const lines = Object.entries({ ...PREFERENCES, ...preferences }).map(
      (entry) => `user_pref(${entry.map((part) => JSON.stringify(part)).join(', ')});`,
    );
    await writeFile(join(profile, 'user.js'), lines.join('\n'));
    const flags = ['--headless', '--marionette', '--remote-allow-system-access', '--no-remote', '--profile', profile];
    const child = spawn(executablePath, flags, { stdio: 'ignore', env: { ...process.env, LANGUAGE: 'en' } });
    try {
      return await FirefoxBrowser.#begin(child, profile);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  static async #begin(child: ChildProcess, profile: string): Promise<FirefoxBrowser> {
    const port = await vi.waitFor(() => readFile(join(profile, 'MarionetteActivePort'), 'utf8'), opening);
    const browser = new FirefoxBrowser(await Marionette.connect(Number(port)), child, profile);
    await browser.#marionette.send('WebDriver:NewSession', { acceptInsecureCerts: true, pageLoadStrategy: 'eager' });
    await browser.#marionette.send('WebDriver:SetWindowRect', { width: 1100, height: 900 });
    await browser.#marionette.send('Addon:Install', { path: FIREFOX_FOLDER, temporary: true });
    const host = await browser.inBrowser((id) => policyOf(id).mozExtensionHostname, ID);
    browser.#origin = `moz-extension://${host}/`;
    // Marionette takes the next tab that appears for the one that it was asked to open.
    await browser.openedOwn('consent.html');
    return browser;
  }

  /** Runs a function in the browser's own window, with all of the browser's rights. It sees nothing of the test. */
  async inBrowser<Given, Result>(act: (given: Given) => Result, given?: Given): Promise<Awaited<Result>> {
    await this.#marionette.send('Marionette:SetContext', { value: 'chrome' });
    try {
      const script = `const policyOf = (id) => WebExtensionPolicy.getByID(id); return (${act})(...arguments);`;
      const answer = await this.#marionette.send('WebDriver:ExecuteScript', { script, args: [given] });
      return (answer as { value: Awaited<Result> }).value;
    } finally {
      await this.#marionette.send('Marionette:SetContext', { value: 'content' });
    }
  }

  /** Opens a tab in front. */
  async openTab(url: string): Promise<FirefoxTab> {
    const [first] = await this.#handles();
    await this.#marionette.send('WebDriver:SwitchToWindow', { handle: first }); // the last one may be closed
    const { handle } = (await this.#marionette.send('WebDriver:NewWindow', { type: 'tab' })) as { handle: string };
    const tab = new FirefoxTab(this.#marionette, handle);
    await tab.goto(url);
    return tab;
  }

  /** Opens an extension page in a tab. */
  openOwn(path: 'popup.html' | 'options.html' | 'consent.html'): Promise<FirefoxTab> {
    return this.openTab(this.#origin + path);
  }

  /** Waits for an extension page that the extension opens by itself. */
  async openedOwn(path: 'consent.html'): Promise<FirefoxTab> {
    return await vi.waitFor(async () => {
      for (const handle of await this.#handles()) {
        const tab = new FirefoxTab(this.#marionette, handle);
        if ((await tab.url()).startsWith(this.#origin + path)) return tab;
      }
      throw new Error(`${path} has not been opened`);
    }, opening);
  }

  /** Ends the event page, as Firefox does after 30 idle seconds. */
  async endEventPage(): Promise<void> {
    await this.inBrowser((id) => policyOf(id).extension.terminateBackground({ ignoreDevToolsAttached: true }), ID);
  }

  /** Turns the extension off, or on again, as the person does in about:addons. An update does the one, then the other. */
  async turn(to: 'off' | 'on'): Promise<void> {
    await this.inBrowser(
      async ({ id, on }) => {
        const { AddonManager } = ChromeUtils.importESModule('resource://gre/modules/AddonManager.sys.mjs');
        const extension = await AddonManager.getAddonByID(id);
        await (on ? extension.enable() : extension.disable());
      },
      { id: ID, on: to === 'on' },
    );
  }

  /** The permissions that the extension has now, other than those for sites. */
  permissions(): Promise<readonly string[]> {
    return this.inBrowser((id) => [...policyOf(id).permissions], ID);
  }

  /** Takes permissions back, as the person does in about:addons. */
  async takeBack(taken: { origins?: string[]; data_collection?: string[] }): Promise<void> {
    await this.inBrowser(
      ({ id, permissions }) => {
        const { ExtensionPermissions } = ChromeUtils.importESModule(
          'resource://gre/modules/ExtensionPermissions.sys.mjs',
        );
        return ExtensionPermissions.remove(id, permissions, policyOf(id).extension);
      },
      { id: ID, permissions: { permissions: [], origins: [], data_collection: [], ...taken } },
    );
  }

  /** Waits until Firefox asks the person for a permission, then answers. Returns what it asked. */
  async answerPrompt(answer: 'allow' | 'deny'): Promise<string> {
    return await vi.waitFor(async () => {
      const asked = await this.inBrowser(
        (choice) => {
          const panel = document.querySelector('popupnotification[id^="addon-webext"]:not([hidden])');
          const button = panel?.querySelector<HTMLElement>(`.popup-notification-${choice}-button`);
          if (!panel || !button) return undefined;
          const text = panel.textContent;
          button.click();
          return text;
        },
        answer === 'allow' ? 'primary' : 'secondary',
      );
      if (!asked) throw new Error('Firefox asks nothing');
      return asked;
    }, opening);
  }

  async #handles(): Promise<string[]> {
    return (await this.#marionette.send('WebDriver:GetWindowHandles')) as string[];
  }

  /** Closes Firefox and removes its profile. */
  async close(): Promise<void> {
    const exited = once(this.#process, 'exit');
    await this.#marionette
      .send('Marionette:Quit', { flags: ['eForceQuit'] })
      .catch(() => this.#process.kill('SIGKILL'));
    this.#marionette.close();
    await exited;
    await rm(this.#profile, { recursive: true, force: true });
  }
}

// What exists in the browser's own window.

declare function policyOf(id: string): {
  readonly mozExtensionHostname: string;
  readonly permissions: Iterable<string>;
  readonly extension: { terminateBackground(how: { ignoreDevToolsAttached: boolean }): Promise<void> };
};

declare const ChromeUtils: {
  importESModule(address: string): {
    readonly AddonManager: { getAddonByID(id: string): Promise<{ enable(): Promise<void>; disable(): Promise<void> }> };
    readonly ExtensionPermissions: {
      remove(id: string, permissions: object, extension: object): Promise<void>;
    };
  };
};
