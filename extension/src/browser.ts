import type { Browser } from 'webextension-polyfill';

const world = globalThis as { readonly browser?: Browser; readonly chrome?: Browser };

/**
 * The browser's own API, as far as Chromium and Firefox agree on it: both return promises. A content script uses it without
 * webextension-polyfill, which weighs 9.5 kB in every tab of a dating page. What the browsers don't agree on stays with
 * the polyfill: a listener that answers a message with a promise. An element of the page whose id is `browser` is not the API.
 */
export const browser: Pick<Browser, 'i18n' | 'runtime' | 'storage'> = world.browser?.runtime?.id
  ? world.browser
  : world.chrome!;
