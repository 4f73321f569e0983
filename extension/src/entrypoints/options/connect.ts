import browser from 'webextension-polyfill';
import type { Clock } from '../../clock.ts';
import type { Problem } from '../../messages.ts';
import { askWorker } from '../../own-messages.ts';
import { reasonText } from '../../reason-text.ts';
import { hostPattern, isLoopback, parseAddress } from '../../server-address.ts';
import { changeSettings, hasConsent } from '../../storage/settings.ts';
import { translate } from '../../texts.ts';
import type { OptionsView } from './options-view.ts';

/** How often the page asks whether the person has clicked Allow. */
const ASK_EVERY_MS = 1_000;

/**
 * Connects to the server on this computer without a code: asks it to let this browser in, brings its start page to the
 * front, and waits until the person clicks Allow there. The token is stored at once. The other fields are not saved.
 */
export async function connectHere(view: OptionsView, clock: Pick<Clock, 'delay'>): Promise<void> {
  const address = parseAddress(view.entries().texts.address);
  if (!address) return view.refuse('address', translate('options_address_wrong'), 'tried');
  if (!isLoopback(address)) return view.say('connecting', translate('options_connect_remote'), 'bad');
  view.say('connecting', translate('options_pairing', address), 'wait');
  const asked = await askWorker({ kind: 'askToPair', address });
  if ('problem' in asked) return sayProblem(view, asked.problem);
  const { id, secret, check } = asked;
  view.say('connecting', translate('options_connect_check', check), 'wait');
  await showStartPage(address);
  for (;;) {
    await clock.delay(ASK_EVERY_MS);
    const answer = await askWorker({ kind: 'claimPairing', address, id, secret });
    if ('problem' in answer) return sayProblem(view, answer.problem);
    if ('token' in answer) return await keep(view, { address, ...answer });
    if (answer.state !== 'waiting') return view.say('connecting', translate(`options_connect_${answer.state}`), 'bad');
  }
}

async function keep(view: OptionsView, server: { address: string; token: string; profileKey: string }): Promise<void> {
  view.showPaired(server); // first, so that what is stored isn't taken for another tab's change
  const saved = await changeSettings({ server });
  view.say('connecting', translate('options_paired'), 'good');
  if (!hasConsent(saved)) await browser.tabs.create({ url: '/consent.html' });
}

function sayProblem(view: OptionsView, problem: Problem): void {
  view.say('connecting', translate('options_failed', reasonText(problem)), 'bad');
}

/** Brings the server's start page to the front, or opens it. */
async function showStartPage(address: string): Promise<void> {
  const tabs = await browser.tabs.query({ url: hostPattern(address) });
  const tab = tabs.find(({ url = '' }) => URL.canParse(url) && isStartPage(new URL(url), address));
  if (tab?.id === undefined) return void (await browser.tabs.create({ url: `${address}/` }));
  await browser.tabs.update(tab.id, { active: true });
  if (tab.windowId !== undefined) await browser.windows.update(tab.windowId, { focused: true });
}

const isStartPage = ({ origin, pathname }: URL, address: string) => origin === address && pathname === '/';
