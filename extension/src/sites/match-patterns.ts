import type * as sites from './index.ts';

/** The name of a site that Swipenet knows. */
export type SiteName = keyof typeof sites;

/**
 * Where each site's content script runs: the browser checks it before any line of ours does. Part of the manifest, so nothing
 * here may need a DOM; the adapter checks again, because single-page navigation loads no new document.
 */
export const MATCH_PATTERNS = {
  /** The whole site: it is one document, and its deck may come by navigation within it. */
  tinder: ['https://tinder.com/*'],
  /** The demo page, on a server of this machine; other local pages are none of ours. */
  demo: ['http://127.0.0.1/demo*', 'http://localhost/demo*'],
} as const satisfies Record<SiteName, readonly string[]>;
