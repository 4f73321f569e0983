// @vitest-environment happy-dom

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import { browser } from 'wxt/browser';
import { fakeTexts } from '../../../../test/support/fake-texts.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../storage/settings.ts';
import { settingsFile } from '../../storage/settings-file.ts';
import { SettingsTransfer } from './settings-transfer.ts';

const HTML = readFileSync(join(import.meta.dirname, 'index.html'), 'utf8');
const MINE: Settings = { ...DEFAULT_SETTINGS, mode: 'learn', consent: 'loopback', patience: 3, historyDays: 200 };
let stored: Settings;
const saved = vi.fn();
const replaced = vi.fn();

const get = (id: string) => document.getElementById(id)!;
const dialog = () => get('transfer') as HTMLDialogElement;
const settled = () => new Promise((resolve) => setTimeout(resolve));
const effects = () => [...get('transfer-effects').children].map(({ textContent }) => textContent);

beforeEach(() => {
  vi.clearAllMocks();
  stored = MINE;
  fakeTexts(browser);
  document.body.innerHTML = /<body>([\s\S]*)<script/.exec(HTML)![1]!;
  new SettingsTransfer(document, {
    read: async () => stored,
    replace: async (change) => {
      stored = change(stored);
      return stored;
    },
    save: saved,
    replaced,
  });
});

/** Chooses a file, as in the browser's dialog. */
async function choose(content: string): Promise<void> {
  const input = get('settings-file') as HTMLInputElement;
  Object.defineProperty(input, 'files', { configurable: true, value: [new File([content], 'settings.json')] });
  input.dispatchEvent(new Event('change'));
  await settled();
}

it('exports the stored settings', async () => {
  get('settings-export').click();
  await settled();
  expect(saved.mock.lastCall).toEqual([settingsFile(MINE)]);
  expect(get('transferred').textContent).toBe('settings_exported');
});

it('imports after the person has confirmed, and names what else happens', async () => {
  const limits = { ...DEFAULT_SETTINGS.limits, perMinute: null };
  await choose(settingsFile({ ...DEFAULT_SETTINGS, limits, historyDays: 30 }));
  expect([dialog().open, get('transfer-title').textContent]).toEqual([true, 'settings_import_title']);
  expect(effects()).toEqual(['settings_pauses_end 30', 'settings_history_shrinks 30']);
  expect(stored).toBe(MINE);
  dialog().close('replace');
  await settled();
  expect(stored).toEqual({ ...DEFAULT_SETTINGS, mode: 'learn', consent: 'loopback', limits, historyDays: 30 });
  expect(replaced.mock.lastCall).toEqual([stored]);
  expect(get('transferred').textContent).toBe('settings_import_done');
});

it('resets to the defaults, and keeps consent and control', async () => {
  get('settings-reset').click();
  await settled();
  expect(get('transfer-title').textContent).toBe('settings_reset_title');
  dialog().close('replace');
  await settled();
  expect(stored).toEqual({ ...DEFAULT_SETTINGS, mode: 'learn', consent: 'loopback' });
});

it.each([
  ['keeps the settings', 'keep'],
  ['presses Escape', undefined],
])('changes nothing if the person %s', async (_, choice) => {
  await choose(settingsFile(DEFAULT_SETTINGS));
  dialog().close('replace');
  await settled();
  stored = MINE;
  get('settings-reset').click(); // the dialog had another answer before
  await settled();
  dialog().close(choice);
  await settled();
  expect(stored).toBe(MINE);
});

it.each([
  ['damaged', 'not JSON', 'settings_file_not_settings'],
  ['too large', ' '.repeat(1_000_001), 'settings_file_too_large'],
])('says why it imports nothing from a file that is %s', async (_, content, text) => {
  await choose(content);
  expect([dialog().open, get('transferred').textContent, get('transferred').dataset.tone]).toEqual([
    false,
    text,
    'bad',
  ]);
  expect(stored).toBe(MINE);
});
