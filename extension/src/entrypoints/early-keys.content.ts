import { defineContentScript } from 'wxt/utils/define-content-script';
import { listenToKeys } from '../page/control/early-keys.ts';
import { MATCH_PATTERNS } from '../sites/match-patterns.ts';

/**
 * Runs before the page's first script, and does one thing: it lets the control on the page have its keys first. The
 * site's own content script is too large to start so early.
 */
export default defineContentScript({
  matches: Object.values(MATCH_PATTERNS).flat(),
  runAt: 'document_start',
  noScriptStartedPostMessage: true, // don't announce this script to the page
  main: () => listenToKeys(window),
});
