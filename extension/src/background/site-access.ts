import browser from 'webextension-polyfill';
import { hostPattern, isLoopback } from '../server-address.ts';

/**
 * Returns the origins that Swipenet needs and the browser withholds, as match patterns: those of the sites and their
 * photos, and the server's. The manifest asks for them, but the person can take back access at any time. Chromium can also
 * be set to give it only after a click on the toolbar icon.
 */
export async function withheldOrigins(server: string): Promise<string[]> {
  const ofSites = manifestOrigins().filter((origin) => !isLoopback(origin));
  return await withheldOf([...ofSites, hostPattern(server)]);
}

/**
 * Returns the host of the first URL that the manifest asks for and the browser withholds. The worker can't download from
 * such a host unless it allows every origin to.
 */
export async function withheldHost(urls: readonly string[]): Promise<string | undefined> {
  const known = manifestOrigins();
  const needed = urls.filter((url) => URL.canParse(url)).map(hostPattern);
  const [withheld] = await withheldOf(needed.filter((origin) => known.includes(origin)));
  return withheld && new URL(withheld).hostname;
}

/** The match patterns of the hosts that the manifest asks for, other than optional ones. */
const manifestOrigins = () => (browser.runtime.getManifest().host_permissions ?? []) as readonly string[];

async function withheldOf(origins: readonly string[]): Promise<string[]> {
  const checked = [...new Set(origins)].map(async (origin) =>
    (await browser.permissions.contains({ origins: [origin] })) ? [] : [origin],
  );
  return (await Promise.all(checked)).flat();
}
