// @vitest-environment happy-dom

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import browser from 'webextension-polyfill';
import { fakeTexts } from '../../../../test/support/fake-texts.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../storage/settings.ts';
import { translatePage } from '../own-page/translate-page.ts';
import { optionEntries } from './options-form.ts';
import { OptionsView } from './options-view.ts';
import { ruleEntries } from './rules-form.ts';
import { RulesView } from './rules-view.ts';
import { fieldValues, UnsavedChanges } from './unsaved-changes.ts';

const HTML = readFileSync(join(import.meta.dirname, 'index.html'), 'utf8');
const valuesOf = (settings: Settings) => fieldValues(optionEntries(settings), ruleEntries(settings.rules));
const PATIENT = { ...DEFAULT_SETTINGS, patience: 5.5 };

let view: OptionsView;
let rulesView: RulesView;
let unsaved: UnsavedChanges;
let end: AbortController;

const get = (id: string) => document.getElementById(id) as HTMLInputElement;
const isSaid = () => !get('unsaved').hidden;
const asksBeforeLeaving = () => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }));

/** Enters something as a person does. */
function enter(id: string, entry: string | boolean): void {
  Object.assign(get(id), typeof entry === 'boolean' ? { checked: entry } : { value: entry });
  for (const event of ['input', 'change']) get(id).dispatchEvent(new Event(event, { bubbles: true }));
}

/** Another tab stores settings. Returns the fields that two have changed. */
function storedElsewhere(settings: Settings): readonly string[] {
  const { changed, overtaken } = unsaved.takeOver(valuesOf(settings));
  view.fill(optionEntries(settings), changed);
  rulesView.fill(ruleEntries(settings.rules), changed);
  return overtaken;
}

beforeEach(() => {
  fakeTexts(browser);
  document.body.innerHTML = /<body>([\s\S]*)<script/.exec(HTML)![1]!;
  rulesView = new RulesView(document);
  translatePage(document);
  view = new OptionsView(document);
  view.fill(optionEntries(DEFAULT_SETTINGS));
  rulesView.fill(ruleEntries(DEFAULT_SETTINGS.rules));
  end = new AbortController();
  unsaved = new UnsavedChanges(document, valuesOf(DEFAULT_SETTINGS), end.signal);
});
afterEach(() => end.abort());

it('knows a value for every field of the form that Save stores', () => {
  const fields = [...get('options').querySelectorAll('input, select, textarea')].map(({ id }) => id);
  const notStored = ['token-show', 'code'];
  expect(fields.filter((id) => !notStored.includes(id)).toSorted()).toEqual(
    Object.keys(valuesOf(DEFAULT_SETTINGS)).toSorted(),
  );
  expect(unsaved.fields).toEqual([]);
});

it.each<[id: string, entry: string | boolean]>([
  ['token', 'abc'],
  ['perDay', '7'],
  ['likesPerDay-on', true],
  ['mustHave', 'climbing'],
  ['minAge-action', 'hold'],
  ['holdsSeen', false],
])('asks before the page is left with an unsaved %s, and no longer once it is changed back', (id, entry) => {
  const before = valuesOf(DEFAULT_SETTINGS)[id]!;
  expect([asksBeforeLeaving(), isSaid()]).toEqual([false, false]);
  enter(id, entry);
  expect([unsaved.fields, asksBeforeLeaving(), isSaid()]).toEqual([[id], true, true]);
  enter(id, before);
  expect([asksBeforeLeaving(), isSaid()]).toEqual([false, false]);
});

it('shows what is stored elsewhere, and leaves alone what the person is typing', () => {
  enter('perDay', '7');
  expect(storedElsewhere({ ...PATIENT, rules: { ...PATIENT.rules, unit: 'mi' } })).toEqual([]);
  expect([get('patience').value, get('rules-unit').value, get('perDay').value]).toEqual(['550', 'mi', '7']);
  expect(unsaved.fields, 'so Save stores the new patience with the rest').toEqual(['perDay']);
});

it('names a field that was changed here and elsewhere', () => {
  enter('patience', '70');
  enter('perDay', '7');
  expect(storedElsewhere(PATIENT)).toEqual(['options_patience']);
  expect([get('patience').value, unsaved.fields]).toEqual(['70', ['perDay', 'patience']]);
  expect(storedElsewhere({ ...PATIENT, historyDays: 9 }), 'once').toEqual([]);
  enter('patience', '550');
  expect(unsaved.fields).toEqual(['perDay']);
});

it('takes nothing for another tab’s change that it is saving itself', async () => {
  enter('address', '127.0.0.1:9000');
  const server = { ...DEFAULT_SETTINGS.server, address: 'http://127.0.0.1:9000' };
  const overtaken = await unsaved.save(async () => storedElsewhere({ ...DEFAULT_SETTINGS, server }));
  expect([overtaken, get('address').value, unsaved.fields, isSaid()]).toEqual([[], server.address, [], false]);
});

it('keeps what was typed while saving, and all of it if saving fails', async () => {
  enter('perDay', '7');
  await unsaved.save(async () => enter('perSession', '8'));
  expect([unsaved.fields, isSaid()]).toEqual([['perSession'], true]);
  await expect(unsaved.save(() => Promise.reject(new Error('disk full')))).rejects.toThrow('disk full');
  expect([unsaved.fields, asksBeforeLeaving()]).toEqual([['perSession'], true]);
});
