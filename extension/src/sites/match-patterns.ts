import type * as sites from './index.ts';

/** The name of a site that Swipenet supports. */
export type SiteName = keyof typeof sites;

/**
 * Where each site's content script runs. The patterns go into the manifest, so nothing here may need a DOM, and the
 * browser checks them first. The adapter checks again, because single-page navigation doesn't load a new document.
 */
export const MATCH_PATTERNS = {
  /** The whole site: it is a single document, and the person may navigate to the deck without loading a new one. */
  tinder: ['https://tinder.com/*'],
  /** The demo page on a local server. Other local pages are not ours. */
  demo: ['http://127.0.0.1/demo*', 'http://localhost/demo*'],
} as const satisfies Record<SiteName, readonly string[]>;
