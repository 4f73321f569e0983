import { oneAtATime } from '@swipenet/shared/one-at-a-time.ts';
import browser from 'webextension-polyfill';
import { systemClock } from '../../clock.ts';
import { askWorker, type OwnAnswer } from '../../own-messages.ts';
import { reportError } from '../../report-error.ts';
import { hideControl, readControl, watchControl } from '../../storage/page-control.ts';
import { watchSession } from '../../storage/session-log.ts';
import {
  changeSettings,
  changeTasteSettings,
  hasConsent,
  hasTasteConsent,
  readSettings,
  watchSettings,
} from '../../storage/settings.ts';
import { keepFocus } from '../own-page/keep-focus.ts';
import { translatePage } from '../own-page/translate-page.ts';
import { AccessNotice } from './access-notice.ts';
import { pageCheckText } from './page-check-text.ts';
import { PopupView } from './popup-view.ts';
import { TastePanel } from './taste-panel.ts';

/** How often the popup looks at what was learned, while it is open and learning matters. */
const TASTE_MS = 2_000;

translatePage(document);
keepFocus(document, new AbortController().signal);
const view = new PopupView(document);
let taste: OwnAnswer<'taste'> | undefined;
const access = new AccessNotice(document, (origins) => browser.permissions.request({ origins }));

const draw = oneAtATime(async () => {
  const overview = await askWorker({ kind: 'overview' });
  const settings = await readSettings();
  view.show(settings, overview);
  view.showHiddenControl((await readControl()).isHidden);
  access.show(hasConsent(settings) ? overview.withheld : []);
  panel.show(settings, taste);
});
const askServer = oneAtATime(async () => {
  const settings = await readSettings();
  const { address, token } = settings.server;
  const state = await askWorker({ kind: 'tryServer', address, token });
  view.showServer(state);
  panel.showModel(settings, 'problem' in state ? undefined : state.model);
});
const askTaste = oneAtATime(async () => {
  const settings = await readSettings();
  if ((settings.mode !== 'learn' && settings.mode !== 'swipe') || !hasTasteConsent(settings)) return;
  taste = await askWorker({ kind: 'taste' });
  panel.show(settings, taste);
  if ('model' in taste.server) panel.showModel(settings, taste.server.model);
});
const keepAsking = async () => {
  for (;;) {
    await askTaste().catch((error) => reportError('looking at what was learned', error));
    await systemClock.delay(TASTE_MS);
  }
};
const checkPage = async () => {
  const { version } = browser.runtime.getManifest();
  const check = await askWorker({ kind: 'checkPage' });
  view.showCheck(check ? pageCheckText(check, { version, userAgent: navigator.userAgent }) : undefined);
};
const attempt = (step: string, work: Promise<unknown>) => void work.catch((error) => reportError(step, error));
/** Shows at once what came of an action. */
const thenLook = (act: () => Promise<unknown>) => async () => {
  await act();
  await askTaste();
};

const panel = new TastePanel(document, {
  undo: thenLook(() => askWorker({ kind: 'undoLabel' })),
  correct: (labelId, swipe) => thenLook(() => askWorker({ kind: 'correct', labelId, swipe }))(),
  learn: thenLook(() => askWorker({ kind: 'tasteLearn' })),
  activate: (version) => thenLook(() => askWorker({ kind: 'tasteActivate', version }))(),
  rollback: thenLook(() => askWorker({ kind: 'tasteRollback' })),
  erase: thenLook(() => askWorker({ kind: 'tasteDelete' })),
  keepLearning: () => changeSettings({ mode: 'learn' }),
  swipeAnyway: (version) => changeTasteSettings({ swipeAnyway: version }),
  forgetNotice: () => changeTasteSettings({ knowsQuality: true }),
});
view.onMode(async (mode) => {
  await changeSettings({ mode });
  await draw();
});
view.onResume(() => attempt('resuming', askWorker({ kind: 'resume' })));
view.onWhy(() =>
  attempt(
    'showing why',
    askWorker({ kind: 'why' }).then(() => window.close()),
  ),
);
view.onShowControl(() => attempt('showing the control', hideControl(false)));
view.onCheck(() => attempt('checking the page', checkPage()));
view.onCopy((text) => navigator.clipboard.writeText(text));
view.onConsent(() => attempt('opening the consent page', browser.tabs.create({ url: '/consent.html' })));
watchSettings(() => {
  attempt('drawing the popup', draw());
  attempt('asking the server', askServer());
  attempt('looking at what was learned', askTaste());
});
const drawAgain = () => attempt('drawing the popup', draw());
watchSession(drawAgain);
watchControl(drawAgain);
for (const changed of [browser.permissions.onAdded, browser.permissions.onRemoved]) {
  changed.addListener(() => {
    drawAgain();
    attempt('asking the server', askServer());
  });
}
attempt('drawing the popup', draw());
attempt('asking the server', askServer());
attempt('looking at what was learned', keepAsking());
attempt(
  'reading the keys',
  browser.commands.getAll().then((commands) => view.showKeys(commands)),
);
