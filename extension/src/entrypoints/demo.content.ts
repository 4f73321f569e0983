import { defineContentScript } from 'wxt/utils/define-content-script';
import { demo } from '../sites/index.ts';
import { MATCH_PATTERNS } from '../sites/match-patterns.ts';
import { runDatingPage } from './dating-page/run-dating-page.ts';

/** The content script of the demo page. */
export default defineContentScript({
  matches: [...MATCH_PATTERNS.demo],
  runAt: 'document_idle',
  noScriptStartedPostMessage: true, // don't announce this script to the page
  main: (context) => runDatingPage('demo', demo, context),
});
