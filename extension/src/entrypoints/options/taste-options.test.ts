// @vitest-environment happy-dom

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { browser } from 'wxt/browser';
import { fakeTexts } from '../../../../test/support/fake-texts.ts';
import { DEFAULT_SETTINGS, type Settings, type TasteSettings } from '../../storage/settings.ts';
import { TasteOptions } from './taste-options.ts';

const HTML = readFileSync(join(import.meta.dirname, 'index.html'), 'utf8');
const changes: Partial<TasteSettings>[] = [];
let options: TasteOptions;

const get = (id: string) => document.getElementById(id) as HTMLInputElement;
const settings = (taste: Partial<TasteSettings>): Settings => ({
  ...DEFAULT_SETTINGS,
  taste: { ...DEFAULT_SETTINGS.taste, ...taste },
});
const change = (id: string, to: Partial<HTMLInputElement>) => {
  Object.assign(get(id), to);
  for (const event of ['input', 'change']) get(id).dispatchEvent(new Event(event));
};

beforeEach(() => {
  changes.length = 0;
  fakeTexts(browser);
  document.body.innerHTML = /<body>([\s\S]*)<script/.exec(HTML)![1]!;
  options = new TasteOptions(document, async (changed) => void changes.push(changed));
});

it('turns the words of bios on, and says how far they are', () => {
  options.show(settings({ consent: 'loopback' }));
  expect([get('words').checked, get('words-state').hidden]).toEqual([false, true]);
  change('words', { checked: true });
  expect(changes).toEqual([{ words: true }]);
  options.show(settings({ consent: 'loopback', words: true }));
  expect([get('words').checked, get('words-state').hidden]).toEqual([true, false]);
  const said = () => get('words-state').textContent;
  options.showWords({ likes: 12, passes: 30, tested: null });
  expect(said()).toBe('options_words_few 12 30');
  options.showWords({ likes: 40, passes: 80, tested: { alone: 0.6, joined: 0.61, joins: false } });
  expect(said()).toMatch(/^options_words_out 120/);
  options.showWords({ likes: 40, passes: 80, tested: { alone: 0.6, joined: 0.5513, joins: true } });
  expect(said()).toBe('options_words_in 120 0.600 0.551');
});

it('shows the settings and whether the person agreed', () => {
  options.show(settings({ fromShow: true, asksMe: false, spotCheckEvery: null }));
  expect([get('fromShow').checked, get('asksMe').checked, get('spotCheckEvery-on').checked]).toEqual([
    true,
    false,
    false,
  ]);
  expect([get('spotCheckEvery').disabled, get('taste-withdraw').hidden, get('taste-decide').hidden]).toEqual([
    true,
    true,
    false,
  ]);
  options.show(settings({ consent: 'loopback', spotCheckEvery: 50 }));
  expect([get('spotCheckEvery').value, get('taste-withdraw').hidden, get('taste-decide').hidden]).toEqual([
    '50',
    false,
    true,
  ]);
});

it('stores each change at once', () => {
  options.show(settings({ consent: 'loopback' }));
  change('fromShow', { checked: true });
  change('asksMe', { checked: false });
  change('spotCheckEvery', { value: '5' });
  change('spotCheckEvery-on', { checked: false });
  change('spotCheckEvery-on', { checked: true });
  get('taste-withdraw').click();
  expect(changes).toEqual([
    { fromShow: true },
    { asksMe: false },
    { spotCheckEvery: 5 },
    { spotCheckEvery: null },
    { spotCheckEvery: 20 },
    { consent: null },
  ]);
});

it.each(['', '1', '1001', '2.5'])('stores no %j as the number of profiles per spot check', (text) => {
  options.show(settings({}));
  change('spotCheckEvery', { value: text });
  expect(changes).toEqual([]);
  expect(get('spotCheckEvery').hasAttribute('aria-invalid')).toBe(true);
});
