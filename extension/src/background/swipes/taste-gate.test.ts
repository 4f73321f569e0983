import { beforeEach, expect, it, vi } from 'vitest';
import browser from 'webextension-polyfill';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { fakeTexts } from '../../../../test/support/fake-texts.ts';
import { PageClock } from '../../../../test/support/page-clock.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../storage/settings.ts';
import { TasteGate, versionOf } from './taste-gate.ts';

const SETTINGS: Settings = {
  ...DEFAULT_SETTINGS,
  mode: 'swipe',
  consent: 'loopback',
  server: { ...DEFAULT_SETTINGS.server, token: 't' },
};
/** A threshold for the version in use, and another one for another model. */
const chosen = (threshold: number): Settings['thresholds'] => ({
  chosen: [
    { model: 'taste-0001', sha256: 'of another server', threshold: 0.1 },
    { model: 'taste-0001', sha256: 'ab', threshold },
  ],
  unassigned: null,
});

const AGREEMENT = {
  likes: { agreed: 3, disagreed: 1 },
  passes: { agreed: 2, disagreed: 2 },
  balanced: 0.625,
  faded: 0.6,
  lowerBound: 0.523,
  required: 0.6,
  isOpen: false,
  timesShut: 0,
};

let model: { id: string; parent?: string };
let isOpen: boolean;
let clock: PageClock;
const asked = vi.fn<(path: string) => void>();

beforeEach(() => {
  fakeBrowser.reset();
  asked.mockReset();
  fakeTexts(browser);
  model = { id: 'taste-0001-int8', parent: 'taste-0001' };
  isOpen = false;
  clock = new PageClock();
});

function newGate() {
  const fetch = async (url: RequestInfo | URL) => {
    const { pathname, search } = new URL(String(url));
    asked(pathname + search);
    if (pathname === '/v1/model') {
      const device = { name: 'cpu', executionProvider: 'CPUExecutionProvider', reason: 'r', engines: 1 };
      const fixed = { contract: 1, architecture: 'googlenet', classes: ['NOPE', 'LIKE'], sha256: 'ab', threshold: 0.4 };
      return Response.json({ ...fixed, ...model, device: { ...device, threadsPerEngine: 1 } });
    }
    const counts = { likes: 5, passes: 5, withFeatures: 10, withoutFeatures: 0, stale: 0, pending: 0 };
    const rest = {
      taste: 'owner',
      likeRate: 0.5,
      versions: [],
      profileKey: 'key',
      keepsPhotos: false,
      secondSession: null,
    };
    const learning = { isRunning: false, every: 10, last: null };
    return Response.json({ ...counts, ...rest, learning, agreement: { ...AGREEMENT, isOpen } });
  };
  return new TasteGate({ fetch, deadline: () => new AbortController().signal }, clock);
}

it.each([
  [{ id: 'taste-0012' }, 'taste-0012'],
  [{ id: 'taste-0012-int8', parent: 'taste-0012' }, 'taste-0012'],
  [{ id: 'small', parent: 'taste-0003' }, 'taste-0003'],
  [{ id: 'quality' }, null],
  [{ id: 'my-taste-1' }, null],
  [{ id: 'quality-int8', parent: 'quality' }, null],
])('recognizes which version %j is', (given, version) => expect(versionOf(given)).toBe(version));

it('lets a model swipe that wasn’t learned from swipes, without asking for the agreement', async () => {
  model = { id: 'quality' };
  expect(await newGate().refusal(SETTINGS)).toBeUndefined();
  expect(asked.mock.calls).toEqual([['/v1/model']]);
});

it('refuses a version that doesn’t agree often enough yet, with the figures', async () => {
  expect(await newGate().refusal(SETTINGS)).toEqual({ refused: 'gate_closed', detail: 'gate_figures 52% 60%' });
  isOpen = true;
  expect(await newGate().refusal({ ...SETTINGS, thresholds: chosen(0.5) })).toBeUndefined();
  expect(asked.mock.calls.at(-1)).toEqual(['/v1/taste?threshold=0.5']);
});

it('lets exactly the version swipe that the person allowed to', async () => {
  const allowing = (swipeAnyway: string) => ({ ...SETTINGS, taste: { ...SETTINGS.taste, swipeAnyway } });
  const gate = newGate();
  expect(await gate.refusal(allowing('taste-0001'))).toBeUndefined();
  expect(await gate.refusal(allowing('taste-0002'))).toMatchObject({ refused: 'gate_closed' });
});

it('uses an answer for 30 seconds, and the agreement of each label since', async () => {
  const gate = newGate();
  isOpen = true;
  await gate.refusal(SETTINGS);
  isOpen = false;
  clock.advance(29_999);
  expect(await gate.refusal(SETTINGS)).toBeUndefined();
  gate.heard({ ...AGREEMENT, isOpen: true }, { ...SETTINGS, thresholds: chosen(0.9) });
  gate.heard(AGREEMENT, SETTINGS);
  expect(await gate.refusal(SETTINGS)).toMatchObject({ refused: 'gate_closed' });
  expect(asked).toHaveBeenCalledTimes(2);
  isOpen = true;
  clock.advance(1);
  expect(await gate.refusal(SETTINGS)).toBeUndefined();
  expect(asked).toHaveBeenCalledTimes(4);
});

it('doesn’t keep an answer that is older than what it heard meanwhile', async () => {
  const gate = newGate();
  isOpen = true;
  asked.mockImplementationOnce(() => gate.heard(AGREEMENT, SETTINGS)); // a label arrives during the request
  expect(await gate.refusal(SETTINGS)).toBeUndefined();
  isOpen = false;
  expect(await gate.refusal(SETTINGS)).toMatchObject({ refused: 'gate_closed' });
  expect(await gate.refusal(SETTINGS)).toMatchObject({ refused: 'gate_closed' });
  expect(asked).toHaveBeenCalledTimes(4);
});

it('asks again at once for another model, server or threshold', async () => {
  const gate = newGate();
  model = { id: 'quality' };
  await gate.refusal(SETTINGS);
  gate.heard({ ...AGREEMENT, isOpen: false }, SETTINGS);
  gate.saw('quality');
  expect(await gate.refusal(SETTINGS)).toBeUndefined();
  expect(asked).toHaveBeenCalledTimes(1);
  model = { id: 'taste-0001' };
  gate.saw('taste-0001');
  expect(await gate.refusal(SETTINGS)).toMatchObject({ refused: 'gate_closed' });
  isOpen = true;
  expect(await gate.refusal({ ...SETTINGS, thresholds: chosen(0.5) })).toBeUndefined();
  const server = { ...SETTINGS.server, address: 'http://127.0.0.1:9999' };
  isOpen = false;
  expect(await gate.refusal({ ...SETTINGS, server })).toMatchObject({ refused: 'gate_closed' });
});

it('has a profile judged anew whose verdict isn’t of the server’s model, even if that model may swipe', async () => {
  const gate = newGate();
  model = { id: 'quality' };
  expect(await gate.refusal(SETTINGS, 'taste-0001-int8')).toEqual({ outdated: true });
  expect(await gate.refusal(SETTINGS, 'quality')).toBeUndefined();
  model = { id: 'taste-0001' };
  expect(await gate.refusal(SETTINGS, 'quality')).toBeUndefined(); // as far as is known
  expect(await gate.refusal(SETTINGS, 'taste-0001')).toMatchObject({ refused: 'gate_closed' });
  expect(await gate.refusal(SETTINGS, 'quality')).toEqual({ outdated: true });
  expect(await gate.refusal(SETTINGS)).toMatchObject({ refused: 'gate_closed' }); // a rule
});

it('refuses with the problem if the server doesn’t answer, and asks again next time', async () => {
  const fetch = vi.fn(() => Promise.reject(new TypeError('Failed to fetch')));
  const gate = new TasteGate({ fetch, deadline: () => new AbortController().signal }, clock);
  vi.spyOn(browser.permissions, 'contains').mockResolvedValue(true);
  const refusal = { refused: 'server_unreachable', detail: 'unreachable_loopback' };
  expect([await gate.refusal(SETTINGS), await gate.refusal(SETTINGS)]).toEqual([refusal, refusal]);
  expect(fetch).toHaveBeenCalledTimes(2);
});
