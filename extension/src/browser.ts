import type { Browser } from 'webextension-polyfill';

const world = globalThis as { readonly browser?: Browser; readonly chrome?: Browser };

/**
 * The part of the extension API that Chromium and Firefox share: both return promises. Content scripts use it to avoid
 * loading webextension-polyfill (9.5 kB) into every dating page. The worker still needs the polyfill, because only Firefox
 * lets a message listener return a promise. A page element with the id `browser` is not mistaken for the API.
 */
export const browser: Pick<Browser, 'i18n' | 'runtime' | 'storage'> = world.browser?.runtime?.id
  ? world.browser
  : world.chrome!;
