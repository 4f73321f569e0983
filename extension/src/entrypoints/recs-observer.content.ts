import { defineContentScript } from 'wxt/utils/define-content-script';
import { MATCH_PATTERNS } from '../sites/match-patterns.ts';
import { observePage } from '../sites/tinder/page-data/observe-page.ts';

/** In the page's own world, before its first script: it hears what the page asks its own server, and tells the adapter. */
export default defineContentScript({
  matches: [...MATCH_PATTERNS.tinder],
  world: 'MAIN',
  runAt: 'document_start',
  main: () => observePage(window),
});
