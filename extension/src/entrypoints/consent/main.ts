import { reportError } from '../../report-error.ts';
import { isLoopback, placeOf } from '../../server-address.ts';
import { changeSettings, readSettings } from '../../storage/settings.ts';
import { translate, translatePage } from '../../texts.ts';

translatePage(document);
document.title = translate('consent_title');
const get = (id: string) => document.getElementById(id)!;

const { address } = (await readSettings()).server;
const where = translate(isLoopback(address) ? 'consent_where_loopback' : 'consent_where_remote', address);
const plain = !isLoopback(address) && address.startsWith('http:') ? ` ${translate('consent_where_plain')}` : '';
get('where').textContent = where + plain;

/** Stores the person's answer. Consent is only for the place that this page names. */
async function answer(agreed: boolean): Promise<void> {
  await changeSettings({ consent: agreed ? placeOf(address) : null });
  get('choice').hidden = true;
  get('answer').hidden = false;
  get('said').textContent = translate(agreed ? 'consent_agreed' : 'consent_declined');
  get('next').hidden = !agreed;
}

get('agree').addEventListener('click', () => answer(true).catch((error) => reportError('storing the consent', error)));
get('decline').addEventListener('click', () =>
  answer(false).catch((error) => reportError('storing the consent', error)),
);
