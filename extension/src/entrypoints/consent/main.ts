import { mayCollectSwipes } from '../../background/labels/swipe-collection.ts';
import { reportError } from '../../report-error.ts';
import { isLoopback, placeOf } from '../../server-address.ts';
import { changeSettings, changeTasteSettings, hasConsent, readSettings } from '../../storage/settings.ts';
import { translate } from '../../texts.ts';
import { keepFocus } from '../own-page/keep-focus.ts';
import { translatePage } from '../own-page/translate-page.ts';

translatePage(document);
keepFocus(document, new AbortController().signal);
document.title = translate('consent_title');
const get = (id: string) => document.getElementById(id)!;

const settings = await readSettings();
const { address } = settings.server;
const where = translate(isLoopback(address) ? 'consent_where_loopback' : 'consent_where_remote', address);
const plain = !isLoopback(address) && address.startsWith('http:') ? ` ${translate('consent_where_plain')}` : '';
get('where').textContent = where + plain;
get('taste-where').textContent = translate('taste_consent_where_text', address);

/** Stores the person's answer. Consent only covers the server that this page names. */
async function answer(agreed: boolean): Promise<void> {
  await changeSettings({ consent: agreed ? placeOf(address) : null });
  get('choice').hidden = true;
  get('said').textContent = translate(agreed ? 'consent_agreed' : 'consent_declined');
  get('next').hidden = !agreed;
  lead('answer');
  get('taste').hidden = !agreed; // without photos, there is nothing to learn from
}

/** Stores whether Swipenet may learn from the person's swipes. */
async function answerTaste(wanted: boolean): Promise<void> {
  const agreed = wanted && (await mayCollectSwipes());
  await changeTasteSettings({ consent: agreed ? placeOf(address) : null });
  get('taste-choice').hidden = true;
  get('taste-said').textContent = translate(agreed ? 'taste_consent_agreed' : 'taste_consent_declined');
  lead('taste-said');
}

/** Shows what has become of an answer, and moves the focus there from the buttons, which are gone. */
function lead(id: string): void {
  get(id).hidden = false;
  get(id).focus();
}

/** Calls back when the person clicks a button. */
function onClick(id: string, clicked: () => Promise<void>): void {
  get(id).addEventListener('click', () => clicked().catch((error) => reportError('storing the consent', error)));
}

onClick('agree', () => answer(true));
onClick('decline', () => answer(false));
onClick('taste-agree', () => answerTaste(true));
onClick('taste-decline', () => answerTaste(false));
if (hasConsent(settings)) get('taste').hidden = false;
document.querySelector('main')!.hidden = false; // not earlier, because nobody would have heard a click
if (location.hash === '#taste') get('taste').scrollIntoView();
