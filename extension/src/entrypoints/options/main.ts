import { oneAtATime } from '@swipenet/shared/one-at-a-time.ts';
import browser from 'webextension-polyfill';
import { systemClock } from '../../clock.ts';
import { askWorker } from '../../own-messages.ts';
import { reasonText } from '../../reason-text.ts';
import { reportError } from '../../report-error.ts';
import { HistoryStore } from '../../storage/history.ts';
import {
  changeSettings,
  changeTasteSettings,
  hasConsent,
  readSettings,
  replaceSettings,
  type Settings,
  watchSettings,
} from '../../storage/settings.ts';
import { formatSetPercent, translate } from '../../texts.ts';
import { keepFocus } from '../own-page/keep-focus.ts';
import { translatePage } from '../own-page/translate-page.ts';
import { deviceName } from '../popup/popup-view.ts';
import { saveFile } from '../swipe-history/save-file.ts';
import { About } from './about.ts';
import { connectHere } from './connect.ts';
import { ModelOptions } from './model-options.ts';
import { optionEntries, permissionFor, type Refusal, readOptions, serverWithKey } from './options-form.ts';
import { OptionsView } from './options-view.ts';
import { pairWithCode } from './pairing.ts';
import { type RuleRefusal, readRules, ruleEntries } from './rules-form.ts';
import { RulesView } from './rules-view.ts';
import { SettingsTransfer } from './settings-transfer.ts';
import { showStopOption } from './stop-option.ts';
import { TasteOptions } from './taste-options.ts';
import { fieldValues, UnsavedChanges } from './unsaved-changes.ts';

const rulesView = new RulesView(document);
translatePage(document);
keepFocus(document, new AbortController().signal);
document.title = translate('options_title');
const view = new OptionsView(document);
const stored = await readSettings();
const valuesOf = (settings: Settings) => fieldValues(optionEntries(settings), ruleEntries(settings.rules));
const unsaved = new UnsavedChanges(document, valuesOf(stored), new AbortController().signal);

/** The rules that are stored. */
let rulesBefore = stored.rules;

/** Shows what is stored, except in fields that the person is editing. */
const show = (settings: Settings) => {
  const { changed, overtaken } = unsaved.takeOver(valuesOf(settings));
  view.fill(optionEntries(settings), changed);
  rulesView.fill(ruleEntries(settings.rules), changed);
  rulesBefore = settings.rules;
  unsaved.say();
  if (overtaken.length > 0) view.say('saved', translate('options_changed_elsewhere', overtaken.join(', ')), 'bad');
};
view.fill(optionEntries(stored));
rulesView.fill(ruleEntries(stored.rules));
watchSettings(show);

const refuse = ({ field, text, name, range }: Refusal, where?: 'tried') =>
  view.refuse(field, translate(text, translate(name), ...range), where);

const refuseRule = ({ rule, text, values }: RuleRefusal) =>
  view.refuse(rule, translate(text, translate(`rules_${rule}`), ...values));

const showConsent = (settings: Settings) => {
  const given = hasConsent(settings);
  view.showConsent(translate(given ? 'options_consent_given' : 'options_consent_none', settings.server.address), given);
};
showConsent(await readSettings());
watchSettings(showConsent);
const history = new HistoryStore();
const modelOptions = new ModelOptions(
  document,
  stored,
  {
    clock: systemClock,
    read: () => askWorker({ kind: 'models' }),
    activate: (id) => askWorker({ kind: 'modelActivate', id }),
    store: (name, threshold) => askWorker({ kind: 'setThreshold', name, threshold }),
    history: (count) => history.newest(count),
  },
  new AbortController().signal,
);
const lookAtModels = () =>
  void modelOptions.look().catch((error: unknown) => reportError('looking at the models', error));
lookAtModels();
watchSettings((settings) => modelOptions.show(settings));
const tasteOptions = new TasteOptions(document, changeTasteSettings);
tasteOptions.show(await readSettings());
watchSettings((settings) => tasteOptions.show(settings));
const showWords = () =>
  void askWorker({ kind: 'words' })
    .then((state) => tasteOptions.showWords(state))
    .catch((error: unknown) => reportError('reading what was learned from words', error));
showWords();
watchSettings(showWords);
// The person may have swiped in another tab, and the server may have another model.
document.addEventListener('visibilitychange', showWords);
document.addEventListener('visibilitychange', lookAtModels);
showStopOption(document, browser.permissions);
new SettingsTransfer(document, {
  read: readSettings,
  replace: (...given) => unsaved.save(() => replaceSettings(...given)),
  save: (content) => saveFile('settings', 'json', content),
  replaced: show,
});
const about = new About(document, {
  version: browser.runtime.getManifest().version,
  userAgent: navigator.userAgent,
  askServer: async () => {
    const { address, token } = (await readSettings()).server;
    return await askWorker({ kind: 'tryServer', address, token });
  },
  checkPage: () => askWorker({ kind: 'checkPage' }),
});
const readVersions = oneAtATime(() => about.refresh());
const showVersions = () =>
  void readVersions().catch((error: unknown) => reportError("reading the server's version", error));
showVersions();
watchSettings(showVersions);
view.onWithdraw(() => changeSettings({ consent: null }));

view.onSave(async () => {
  const values = readOptions(view.entries(), view.unreadable());
  if ('field' in values) return refuse(values);
  const rules = readRules(rulesView.entries(), rulesBefore);
  if ('rule' in rules) return refuseRule(rules);
  const { address } = values.server;
  const origin = permissionFor(address);
  // The browser shows the prompt only while it handles the click, so nothing may be awaited before.
  if (origin && !(await browser.permissions.request({ origins: [origin] }))) {
    return view.refuse('address', translate('options_permission_denied', address));
  }
  const server = serverWithKey(values.server, (await readSettings()).server);
  const saved = await unsaved.save(() => changeSettings({ ...values, server, rules }));
  show(saved);
  const needsConsent = origin !== undefined && !hasConsent(saved);
  view.say('saved', translate(needsConsent ? 'options_saved_consent' : 'options_saved'), 'good');
  if (needsConsent) await browser.tabs.create({ url: '/consent.html' });
});

view.onConnect(() => connectHere(view, systemClock));

rulesView.onPreview(async () => {
  const rules = readRules(rulesView.entries(), rulesBefore);
  if ('rule' in rules) return refuseRule(rules);
  rulesView.showPreview((await askWorker({ kind: 'previewRules', rules })) ?? translate('rules_preview_none'));
});

view.onPair((code) => pairWithCode(view, code));

/** The number of the last try, because an earlier one may answer later. */
let tries = 0;
view.onTry(async () => {
  const values = readOptions(view.entries(), view.unreadable());
  if ('field' in values) return refuse(values, 'tried');
  const { address, token } = values.server;
  if (!token) return view.refuse('token', translate('options_token_empty'), 'tried');
  const origin = permissionFor(address);
  if (origin && !(await browser.permissions.request({ origins: [origin] }))) {
    return view.refuse('address', translate('options_permission_denied', address), 'tried');
  }
  tries += 1;
  const mine = tries;
  view.say('tried', translate('options_trying', address), 'wait');
  const state = await askWorker({ kind: 'tryServer', address, token });
  if (mine !== tries) return;
  if ('problem' in state) {
    return view.say('tried', translate('options_failed', reasonText(state.problem)), 'bad');
  }
  const { model, device, threshold } = state;
  view.say('tried', translate('options_connected', model, deviceName(device), formatSetPercent(threshold)), 'good');
});

// Not earlier: nobody would have heard a click, and what was typed would have been overwritten.
document.querySelector('main')!.hidden = false;
// The consent page leads here, so that nobody has to look for the button.
if (location.hash === '#connect-now' && (await readSettings()).server.token === '') view.connect();
