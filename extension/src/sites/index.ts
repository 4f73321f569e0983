// All sites, one adapter and one line per site. Each content script imports its own adapter and bundles no other.

/** The demo page. */
export { demo } from './demo.ts';
/** tinder.com. */
export { tinder } from './tinder/index.ts';
