import browser from 'webextension-polyfill';
import { askWorker } from '../../own-messages.ts';
import { reasonText } from '../../reason-text.ts';
import { parseAddress } from '../../server-address.ts';
import { changeSettings, hasConsent } from '../../storage/settings.ts';
import { translate } from '../../texts.ts';
import { permissionFor } from './options-form.ts';
import type { OptionsView } from './options-view.ts';

/**
 * Pairs with the server whose address is in the form. The token is stored at once, because the code can't be used again.
 * The other fields of the form stay as they are and are not saved.
 */
export async function pairWithCode(view: OptionsView, code: string): Promise<void> {
  const address = parseAddress(view.entries().texts.address);
  if (!address) return view.refuse('address', translate('options_address_wrong'), 'tried');
  if (!code) return view.refuse('code', translate('options_code_empty'), 'tried');
  const origin = permissionFor(address);
  // The browser shows the prompt only while it handles the click, so nothing may be awaited before.
  if (origin && !(await browser.permissions.request({ origins: [origin] }))) {
    return view.refuse('address', translate('options_permission_denied', address), 'tried');
  }
  view.say('tried', translate('options_pairing', address), 'wait');
  const answer = await askWorker({ kind: 'pair', address, code });
  if ('refused' in answer) return view.refuse('code', translate('options_code_wrong'), 'tried');
  if ('problem' in answer) {
    return view.say('tried', translate('options_failed', reasonText(answer.problem)), 'bad');
  }
  const { token, profileKey } = answer;
  const server = { address, token, profileKey };
  view.showPaired(server); // first, so that what is stored isn't taken for another tab's change
  const saved = await changeSettings({ server });
  view.say('tried', translate('options_paired'), 'good');
  if (origin && !hasConsent(saved)) await browser.tabs.create({ url: '/consent.html' });
}
