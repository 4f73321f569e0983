import { defineContentScript } from 'wxt/utils/define-content-script';
import { MATCH_PATTERNS } from '../sites/match-patterns.ts';
import { observePage } from '../sites/tinder/page-data/observe-page.ts';

/**
 * Runs in the page's own world, before the page's first script. It observes the requests that the page makes to its server
 * and passes what they contain to the adapter.
 */
export default defineContentScript({
  matches: [...MATCH_PATTERNS.tinder],
  world: 'MAIN',
  runAt: 'document_start',
  main: () => observePage(window),
});
