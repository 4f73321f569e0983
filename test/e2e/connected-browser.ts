import type { Page } from 'playwright-core';
import { consent, ExtensionBrowser, setOptions } from '../support/extension-browser.ts';
import { openStage, type Stage } from './stage.ts';

/** The real server, and a Chromium whose extension is connected to it and swipes without pauses. */
export interface ConnectedBrowser {
  readonly stage: Stage;
  readonly browser: ExtensionBrowser;
  /** An empty tab for the dating page. */
  readonly page: Page;
  /** The popup and the options, each in a tab. */
  readonly popup: Page;
  readonly options: Page;
  readonly close: () => Promise<void>;
}

/**
 * Starts the server and the browser, gives consent, and connects them, as a person would.
 *
 * @param turnedOff the checkboxes of the options to uncheck.
 * @param flags more flags for the server.
 */
export async function openConnectedBrowser(
  chromium: string,
  turnedOff: readonly string[],
  flags: readonly string[] = [],
): Promise<ConnectedBrowser> {
  const [browser, stage] = await Promise.all([ExtensionBrowser.open(chromium, { headless: true }), openStage(flags)]);
  const close = async () => {
    await browser.close();
    await stage.close();
  };
  try {
    browser.context.setDefaultTimeout(8_000);
    const page = await browser.context.newPage();
    await consent(browser);
    const options = await browser.openOwn('options.html');
    for (const name of turnedOff) await options.getByRole('checkbox', { name }).uncheck();
    await setOptions(options, { address: stage.server.url, token: stage.server.token, pace: 'none' });
    const popup = await browser.openOwn('popup.html');
    return { stage, browser, page, popup, options, close };
  } catch (error) {
    await close();
    throw error;
  }
}
