// @vitest-environment happy-dom

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { browser } from 'wxt/browser';
import { fakeTexts } from '../../../../test/support/fake-texts.ts';
import type { OwnAnswer, TasteState } from '../../own-messages.ts';
import { DEFAULT_SETTINGS, type Settings, type TasteSettings } from '../../storage/settings.ts';
import { type TasteActions, TastePanel } from './taste-panel.ts';

const HTML = readFileSync(join(import.meta.dirname, 'index.html'), 'utf8');
const SHUT: TasteState['agreement'] = {
  ...{ likes: { agreed: 3, disagreed: 1 }, passes: { agreed: 10, disagreed: 11 }, balanced: 0.613 },
  ...{ lowerBound: 0.5199, required: 0.6, isOpen: false },
};
const STATE: TasteState = {
  ...{ taste: 'owner', likes: 20, passes: 30, agreement: SHUT, model: 'taste-0002-int8', version: 'taste-0002' },
  versions: [
    { id: 'taste-0001', isActive: false, balancedAccuracy: 0.7 },
    { id: 'taste-0002', isActive: true, balancedAccuracy: null },
  ],
  learning: { isRunning: false, every: 10, last: null },
};
const overview = (state: Partial<TasteState> = {}, rest: Partial<OwnAnswer<'taste'>> = {}): OwnAnswer<'taste'> => ({
  labels: { queued: 0, lost: 0 },
  recent: [],
  server: { ...STATE, ...state },
  ...rest,
});
const settings = (mode: Settings['mode'], taste: Partial<TasteSettings> = {}): Settings => ({
  ...{ ...DEFAULT_SETTINGS, mode, consent: 'loopback' },
  taste: { ...DEFAULT_SETTINGS.taste, consent: 'loopback', ...taste },
});

const get = (id: string) => document.getElementById(id)!;
const shown = (...ids: string[]) => ids.filter((id) => !get(id).hidden);
let done: unknown[][];
let panel: TastePanel;

beforeEach(() => {
  fakeTexts(browser);
  document.body.innerHTML = /<body>([\s\S]*)<script/.exec(HTML)![1]!;
  done = [];
  const act =
    (name: string) =>
    async (...given: unknown[]) =>
      void done.push([name, ...given]);
  const names = [
    'undo',
    'correct',
    'learn',
    'activate',
    'rollback',
    'erase',
    'keepLearning',
    'swipeAnyway',
    'forgetNotice',
  ];
  panel = new TastePanel(
    document,
    Object.fromEntries(names.map((name) => [name, act(name)])) as unknown as TasteActions,
  );
});

const PARTS = ['taste-consent', 'taste', 'gate', 'quality-notice'];

describe('the panel about learning', () => {
  it.each([
    ['off', {}, []],
    ['show', {}, []],
    ['learn', { consent: null }, ['taste-consent']],
    ['learn', {}, ['taste']],
    ['swipe', { consent: null }, []],
    ['swipe', {}, ['taste', 'gate']],
    ['swipe', { swipeAnyway: 'taste-0001' }, ['taste', 'gate']],
    ['swipe', { swipeAnyway: 'taste-0002' }, ['taste']],
  ] as const)('in %s with %j shows %j', (mode, taste, parts) => {
    panel.show(settings(mode, taste), overview());
    expect(shown(...PARTS)).toEqual(parts);
  });

  it('shows no shut gate for a model that wasn’t learned, nor once it is open', () => {
    panel.show(settings('swipe'), overview({ version: null, model: 'quality' }));
    expect(shown('gate')).toEqual([]);
    panel.show(settings('swipe'), overview({ agreement: { ...SHUT, isOpen: true } }));
    expect(shown('gate')).toEqual([]);
  });

  it('rounds down what is certain, so that it never seems to be enough', () => {
    panel.show(settings('learn'), overview());
    expect(get('taste-summary').textContent).toContain('61% 51% 60%');
    expect(get('taste-tallies').textContent).toContain('3 4 75%');
    expect(get('taste-meter').style.getPropertyValue('--bound')).toBe('51.99%');
  });

  it('says that nothing is known before there are likes and passes, and why the server doesn’t answer', () => {
    panel.show(settings('learn'), overview({ agreement: { ...SHUT, balanced: null } }));
    expect([get('taste-summary').textContent, get('taste-meter').hidden]).toEqual(['taste_unknown', true]);
    panel.show(settings('learn'), overview({}, { server: { problem: { reason: 'server_unreachable' } } }));
    expect(get('taste-summary').textContent).toContain('reason_server_unreachable');
  });

  it('says what waits, what was lost, and why nothing was learned', () => {
    const learning = { isRunning: false, every: 10, last: { kind: 'refused', code: 'dataset_too_small' } } as const;
    panel.show(settings('learn'), overview({ learning }, { labels: { queued: 2, lost: 1 } }));
    for (const text of ['taste_waiting 2', 'taste_lost 1', 'taste_too_few']) {
      expect(get('taste-news').textContent).toContain(text);
    }
  });

  it('offers every version but the active one, and to go back if there is one before it', () => {
    panel.show(settings('learn'), overview());
    const buttons = [...get('taste-versions').querySelectorAll('button')];
    expect(buttons.map(({ dataset }) => dataset.version)).toEqual(['taste-0001']);
    buttons[0]!.click();
    get('taste-rollback').click();
    expect(done).toEqual([['activate', 'taste-0001'], ['rollback']]);
    panel.show(settings('learn'), overview({ versions: STATE.versions.slice(1) }));
    expect((get('taste-rollback') as HTMLButtonElement).disabled).toBe(true);
  });

  it('offers to correct the latest swipes to the other side', () => {
    const recent = [{ labelId: 'a', atMs: 0, site: 'demo', swipe: 'right', own: true }] as const;
    panel.show(settings('learn'), overview({}, { recent: [...recent] }));
    get('taste-recent').querySelector('button')!.click();
    expect(done).toEqual([['correct', 'a', 'left']]);
  });

  it('keeps the buttons of a list that stays the same, because one may have the focus', () => {
    panel.show(settings('learn'), overview());
    const [before] = get('taste-versions').querySelectorAll('button');
    panel.show(settings('learn'), overview({ likes: 21 }));
    expect(get('taste-versions').querySelector('button')).toBe(before);
  });

  it('lets exactly the version swipe that the server uses, after a warning', () => {
    panel.show(settings('swipe'), overview());
    get('gate-anyway').click();
    expect((get('gate-dialog') as HTMLDialogElement).open).toBe(true);
    get('gate-sure').click();
    expect(done).toEqual([['swipeAnyway', 'taste-0002']]);
  });

  it('says once that the built-in model judges how photos are taken', () => {
    panel.showModel(settings('swipe'), 'quality-int8');
    expect(shown('quality-notice')).toEqual(['quality-notice']);
    get('quality-seen').click();
    expect(done).toEqual([['forgetNotice']]);
    panel.showModel(settings('swipe', { knowsQuality: true }), 'quality-int8');
    expect(shown('quality-notice')).toEqual([]);
    panel.showModel(settings('swipe'), 'taste-0001');
    expect(shown('quality-notice')).toEqual([]);
  });
});
