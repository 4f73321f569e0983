import { ExtensionBrowser } from '../support/extension-browser.ts';
import type { TwinServer } from './tinder/server.ts';

/**
 * Chromium's arguments under which a twin is https://tinder.com and all of its hosts, and nothing else outside of this
 * machine can be reached.
 */
export function twinArguments({ port }: TwinServer): string[] {
  const here = `127.0.0.1:${port}`;
  const rules = `MAP tinder.com ${here}, MAP *.gotinder.com ${here}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost`;
  return [`--host-resolver-rules=${rules}`, '--ignore-certificate-errors'];
}

/** Opens a Chromium with the production build of the extension, for which a twin is tinder.com. */
export function openTinderBrowser(
  executablePath: string,
  twin: TwinServer,
  options: { headless?: boolean; dark?: boolean; folder?: string } = {},
): Promise<ExtensionBrowser> {
  return ExtensionBrowser.open(executablePath, { headless: true, ...options, args: twinArguments(twin) });
}
