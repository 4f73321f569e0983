import { defineContentScript } from 'wxt/utils/define-content-script';
import { tinder } from '../sites/index.ts';
import { MATCH_PATTERNS } from '../sites/match-patterns.ts';
import { runDatingPage } from './dating-page/run-dating-page.ts';

/** The content script of tinder.com. */
export default defineContentScript({
  matches: [...MATCH_PATTERNS.tinder],
  runAt: 'document_idle',
  noScriptStartedPostMessage: true, // don't announce this script to the page
  main: (context) => runDatingPage('tinder', tinder, context),
});
