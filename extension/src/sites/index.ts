// Every site: one adapter and one line each. A content script takes its own adapter from here, and carries no other.

/** The demo page. */
export { demo } from './demo.ts';
/** tinder.com. */
export { tinder } from './tinder/index.ts';
