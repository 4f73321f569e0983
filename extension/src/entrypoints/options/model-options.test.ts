// @vitest-environment happy-dom
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import browser from 'webextension-polyfill';
import { fakeTexts } from '../../../../test/support/fake-texts.ts';
import { PageClock } from '../../../../test/support/page-clock.ts';
import type { ModelsState, OwnAnswer } from '../../own-messages.ts';
import type { HistoryEntry } from '../../storage/history.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../storage/settings.ts';
import { ModelOptions } from './model-options.ts';

const HTML = readFileSync(`${import.meta.dirname}/index.html`, 'utf8');

const MINE = { model: 'mine', sha256: 'a' };
const STATE: ModelsState = {
  current: {
    ...{ name: MINE, forms: ['mine-int8', 'mine'], threshold: 0.4, chosen: null },
    rule: { rule: 'any', threshold: 0.4 },
  },
  models: ['broken', 'mine', 'other'].map((id) => ({ id, isDamaged: id === 'broken' })),
  change: 'allowed',
};

/** Ten profiles with confidences of 0.05, 0.15 … 0.95. */
const ENTRIES = Array.from({ length: 10 }, (_, at): HistoryEntry => {
  const like = (at + 0.5) / 10;
  return {
    ...{ id: `${at}`, atMs: at, site: 'demo', by: 'you', swipe: 'left', seen: 'shown' },
    verdict: {
      photos: [{ like, label: 'NOPE' }],
      ...{ decision: { swipe: 'left', reason: 'all_nope', like }, threshold: 0.4, model: 'mine-int8' },
    },
  };
});

let clock: PageClock;
let answer: OwnAnswer<'models'>;
let entries: HistoryEntry[];
const store = vi.fn(async (..._: unknown[]) => null);
const activate = vi.fn(async (id: string): Promise<OwnAnswer<'modelActivate'>> => ({ model: id }));

const get = <Kind extends HTMLElement = HTMLInputElement>(id: string) => document.getElementById(id) as Kind;
const said = (id: string) => get(id).textContent;

beforeEach(() => {
  vi.restoreAllMocks();
  fakeTexts(browser);
  store.mockClear();
  activate.mockReset().mockImplementation(async (id) => ({ model: id }));
  document.body.innerHTML = /<body>([\s\S]*)<script/.exec(HTML)![1]!;
  clock = new PageClock();
  answer = STATE;
  entries = ENTRIES;
});

async function opened(settings: Settings = DEFAULT_SETTINGS) {
  const parts = { clock, store, activate, read: async () => answer, history: async () => entries };
  const options = new ModelOptions(document, settings, parts, new AbortController().signal);
  await options.look();
  return options;
}

function slideTo(value: number): void {
  get('threshold').value = String(value);
  get('threshold').dispatchEvent(new Event('input', { bubbles: true }));
}

const other: ModelsState = {
  ...STATE,
  current: { ...STATE.current, name: { model: 'other', sha256: 'b' }, forms: ['other'], threshold: 0.7 },
};

describe('the threshold', () => {
  it('starts with what was chosen for the model, or with the model’s own', async () => {
    await opened();
    expect([get('threshold').value, said('threshold-value')]).toEqual(['40', 'threshold_value_own 40%']);
    expect(get('threshold').ariaValueText).toBe('threshold_value_own 40%');
    answer = { ...STATE, current: { ...STATE.current, chosen: 0.855 } };
    await opened();
    expect([get('threshold').value, said('threshold-value')]).toEqual(['85.5', 'threshold_value 85.5%']);
  });

  it('previews each place of the slider at once, and stores only where it rests', async () => {
    await opened();
    expect(said('threshold-preview')).toBe('threshold_preview 10 60% 6');
    for (const [value, preview] of [
      [0, 'threshold_preview 10 100% 10'],
      [50, 'threshold_preview 10 50% 5'],
      [100, 'threshold_preview 10 0% 0'],
    ] as const) {
      slideTo(value);
      expect(said('threshold-preview')).toBe(preview);
    }
    expect(store).not.toHaveBeenCalled();
    await clock.advance(400);
    expect(store.mock.calls).toEqual([[MINE, 1]]);
  });

  it('is stored when the page is closed before the slider rests, and only once', async () => {
    await opened();
    slideTo(55);
    window.dispatchEvent(new Event('pagehide'));
    await clock.advance(400);
    expect(store.mock.calls).toEqual([[MINE, 0.55]]);
  });

  it('goes back to the model’s own', async () => {
    answer = { ...STATE, current: { ...STATE.current, chosen: 0.9 } };
    await opened();
    const button = get('threshold-own');
    expect(button.ariaDisabled).toBe('false');
    button.click();
    expect([said('threshold-value'), button.ariaDisabled]).toEqual(['threshold_value_own 40%', 'true']);
    await clock.advance(400);
    button.click();
    await clock.advance(400);
    expect(store.mock.calls).toEqual([[MINE, null]]);
  });

  it('is stored for the model that it was chosen for, also if the server has another one by then', async () => {
    const options = await opened();
    slideTo(90);
    answer = other;
    await options.look();
    expect(store.mock.calls).toEqual([[MINE, 0.9]]);
    expect(said('threshold-value')).toBe('threshold_value_own 70%');
  });

  it('follows what another tab stores, but not while the person chooses', async () => {
    const options = await opened();
    const stored = (threshold: number) => ({
      ...DEFAULT_SETTINGS,
      thresholds: { chosen: [{ ...MINE, threshold }], unassigned: null },
    });
    options.show(stored(0.2));
    expect(said('threshold-value')).toBe('threshold_value 20%');
    slideTo(60);
    options.show(stored(0.3));
    expect(said('threshold-value')).toBe('threshold_value 60%');
  });

  it('stays what the person chose, also if an older look at the server answers afterwards', async () => {
    const options = await opened();
    const looking = options.look();
    slideTo(60);
    window.dispatchEvent(new Event('pagehide')); // stores it at once
    await looking;
    expect(said('threshold-value')).toBe('threshold_value 60%');
  });

  it('has no preview from too few profiles, or without a history, and says so', async () => {
    entries = ENTRIES.slice(0, 4);
    const options = await opened();
    expect(said('threshold-preview')).toBe('threshold_few 4 5');
    options.show({ ...DEFAULT_SETTINGS, historyDays: 0 });
    expect(said('threshold-preview')).toBe('threshold_no_history');
  });

  it('says how many profiles would be left to the person', async () => {
    const [first] = ENTRIES;
    const photos = [...first!.verdict!.photos, { missing: 'download' } as const];
    entries = [...ENTRIES, { ...first!, id: 'held', verdict: { ...first!.verdict!, photos } }];
    await opened();
    expect(said('threshold-preview')).toBe('threshold_preview_held 11 54% 6 1');
  });
});

describe('the models', () => {
  const offered = () => [...get<HTMLSelectElement>('model').options].map(({ text, disabled }) => [text, disabled]);
  const choose = (id: string) => {
    get('model').value = id;
    get('model').dispatchEvent(new Event('change', { bubbles: true }));
  };

  it('are listed with the one in use, and without a choice of damaged ones', async () => {
    await opened();
    expect(offered()).toEqual([
      ['model_damaged broken', true],
      ['model_in_use mine', false],
      ['other', false],
    ]);
    expect([get('model').value, said('model-note')]).toEqual(['mine', 'model_allowed mine-int8']);
    expect(get('model-use').ariaDisabled).toBe('true');
  });

  it('are activated by the button, which stores the old one’s threshold first and brings back the new one’s', async () => {
    await opened();
    slideTo(90);
    choose('other');
    expect(activate).not.toHaveBeenCalled();
    activate.mockImplementation(async (id) => {
      expect(store.mock.calls).toEqual([[MINE, 0.9]]);
      answer = { ...other, current: { ...other.current, chosen: 0.25 } };
      return { model: id };
    });
    get('model-use').click();
    expect([said('model-note'), get('model-use').ariaDisabled]).toEqual(['model_switching other', 'true']);
    get('model-use').click();
    await vi.waitFor(() => expect(said('threshold-value')).toBe('threshold_value 25%'));
    expect(activate.mock.calls).toEqual([['other']]);
    expect([said('model-note'), said('threshold-preview')]).toEqual(['model_allowed other', 'threshold_few 0 5']);
  });

  it('say why one couldn’t be activated, and keep the old one', async () => {
    await opened();
    choose('other');
    activate.mockResolvedValue({ problem: { reason: 'server_refused', detail: 'still using mine' } });
    get('model-use').click();
    await vi.waitFor(() => expect(said('model-note')).toBe('reason_server_refused still using mine'));
    expect([said('threshold-value'), get('model-use').ariaDisabled]).toEqual(['threshold_value_own 40%', 'false']);
  });

  it.each(['owner_only', 'own_taste', 'server_older'] as const)(
    'can’t be activated, and say why: %s',
    async (change) => {
      answer = { ...STATE, change };
      await opened();
      choose('other');
      get('model-use').click();
      expect(activate).not.toHaveBeenCalled();
      expect([said('model-note'), get('model-use').ariaDisabled]).toEqual([`model_${change}`, 'true']);
    },
  );

  it('can’t be chosen while the server doesn’t answer, and neither can a threshold', async () => {
    const options = await opened();
    answer = { problem: { reason: 'server_unreachable' } };
    await options.look();
    expect([get('model').disabled, get('threshold').disabled]).toEqual([true, true]);
    expect([offered(), said('model-note')]).toEqual([[], 'reason_server_unreachable']);
    slideTo(70);
    await clock.advance(400);
    expect(store).not.toHaveBeenCalled();
    answer = STATE;
    options.show({ ...DEFAULT_SETTINGS, server: { ...DEFAULT_SETTINGS.server, token: 'new' } });
    await vi.waitFor(() => expect(get('threshold').disabled).toBe(false));
  });
});
