import browser from 'webextension-polyfill';
import { askWorker } from '../../own-messages.ts';
import { reportError } from '../../report-error.ts';
import { watchSession } from '../../storage/session-log.ts';
import { changeSettings, MODES, readSettings, watchSettings } from '../../storage/settings.ts';
import { translatePage } from '../../texts.ts';
import { pageCheckText } from './page-check-text.ts';
import { PopupView } from './popup-view.ts';

translatePage(document);
const view = new PopupView(document);

const draw = async () => {
  const overview = await askWorker({ kind: 'overview' });
  view.show(await readSettings(), overview);
};
const askServer = async () => {
  const { address, token } = (await readSettings()).server;
  view.showServer(await askWorker({ kind: 'tryServer', address, token }));
};
const checkPage = async () => {
  const { version } = browser.runtime.getManifest();
  const check = await askWorker({ kind: 'checkPage' });
  view.showCheck(check ? pageCheckText(check, { version, userAgent: navigator.userAgent }) : undefined);
};
const attempt = (step: string, work: Promise<unknown>) => void work.catch((error) => reportError(step, error));

view.onMode(async (text) => {
  const mode = MODES.find((known) => known === text);
  if (mode) await changeSettings({ mode });
  await draw();
});
view.onResume(() => attempt('resuming', askWorker({ kind: 'resume' })));
view.onCheck(() => attempt('checking the page', checkPage()));
view.onCopy((text) => navigator.clipboard.writeText(text));
view.onConsent(() => attempt('opening the consent page', browser.tabs.create({ url: '/consent.html' })));
watchSettings(() => {
  attempt('drawing the popup', draw());
  attempt('asking the server', askServer());
});
watchSession(() => attempt('drawing the popup', draw()));
attempt('drawing the popup', draw());
attempt('asking the server', askServer());
attempt(
  'reading the panic key',
  browser.commands.getAll().then((commands) => view.showPanicKey(commands.find(({ name }) => name === 'panic-stop'))),
);
