import { beforeEach, describe, expect, it, vi } from 'vitest';
import browser from 'webextension-polyfill';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { FakeSwipeServer } from '../../../../test/support/fake-swipe-server.ts';
import { PageClock } from '../../../../test/support/page-clock.ts';
import { confidenceCache } from '../../storage/confidence-cache.ts';
import { changeSettings, changeTasteSettings, DEFAULT_SETTINGS, readSettings } from '../../storage/settings.ts';
import { LABEL_ALARM, LabelQueue, type PageLabel } from './label-queue.ts';
import { profileIdOf } from './profile-id.ts';

const KEY = 'vQ0b5rXo1mKq8nG3cZ7yT2uJ4hE6wS9dF1aL0pRxVbM';
const SERVER = { address: 'http://127.0.0.1:8787', token: 't', profileKey: KEY };

let server: FakeSwipeServer;
let clock: PageClock;

beforeEach(async () => {
  fakeBrowser.reset();
  vi.restoreAllMocks();
  server = new FakeSwipeServer();
  clock = new PageClock();
  await changeSettings({
    mode: 'learn',
    consent: 'loopback',
    server: SERVER,
    taste: { ...DEFAULT_SETTINGS.taste, consent: 'loopback' },
  });
});

/** A queue as a new worker makes it. */
function newQueue(onArrived = vi.fn()) {
  const world = { fetch: vi.fn(server.fetch), deadline: () => new AbortController().signal };
  return { queue: new LabelQueue({ world, clock, onArrived }), fetch: world.fetch, onArrived };
}

/** The server's model. */
const MODEL = {
  ...{ contract: 1, id: 'm', architecture: 'googlenet', classes: ['NOPE', 'LIKE'], sha256: 'ab', threshold: 0.4 },
  device: { name: 'cpu', executionProvider: 'CPUExecutionProvider', reason: 'r', engines: 1, threadsPerEngine: 1 },
};

/** A label of a profile that the server has scored. */
function label(name: string, change: Partial<PageLabel> = {}): PageLabel {
  const scoreId = `score-of-${name}`;
  server.scores.add(scoreId);
  const decided = { decision: 'left', decidedBy: 'network', probability: 0.31, threshold: 0.4, model: 'm' } as const;
  const known = { id: `label of ${name}`, site: 'demo', profile: name, photoCount: 3 };
  return { ...known, swipe: 'right', scoreId, ...decided, verdict: 'hidden', ...change };
}

/** The profiles with their swipes that the server should have. */
async function expected(...names: readonly string[]) {
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [await profileIdOf('demo', name, KEY), 'right'])),
  );
}

const alarm = () => browser.alarms.get(LABEL_ALARM);
const logged = () => vi.spyOn(console, 'warn').mockImplementation(() => {});

it('identifies a profile by a keyed hash of its site and ID', async () => {
  // printf 'demo:Ada' | openssl dgst -sha256 -mac HMAC -macopt hexkey:bd0d1be6…
  const { createHmac } = await import('node:crypto');
  const hash = createHmac('sha256', Buffer.from(KEY, 'base64url')).update('demo:Ada').digest('hex');
  expect(await profileIdOf('demo', 'Ada', KEY)).toBe(hash);
});

it('sends a label and answers with its id and the agreement so far', async () => {
  const { queue, fetch, onArrived } = newQueue();
  const { id: _, ...sent } = label('Ada');
  const answer = await queue.add(label('Ada'));
  expect(answer).toMatchObject({ delivered: { id: 1, outcome: 'added', agreement: { lowerBound: 0.2 } } });
  const [url, init] = fetch.mock.calls[0]!;
  expect(url).toBe('http://127.0.0.1:8787/v1/swipes');
  expect(JSON.parse(String(init?.body))).toEqual({ ...sent, profile: await profileIdOf('demo', 'Ada', KEY) });
  expect(onArrived).toHaveBeenCalledWith(
    { id: 'label of Ada', swipeId: 1 },
    expect.objectContaining({ isOpen: false }),
    await readSettings(),
  );
  expect(await alarm()).toBeUndefined();
});

it('asks for the agreement at the person’s threshold', async () => {
  const chosen = [{ model: 'm', sha256: 'ab', threshold: 0.5 }];
  await changeSettings({ thresholds: { chosen, unassigned: null } });
  const { queue, fetch } = newQueue();
  for (const [id, query] of [
    ['m', '?threshold=0.5'],
    ['another', ''],
  ] as const) {
    fetch.mockClear();
    fetch.mockImplementationOnce(async () => Response.json({ ...MODEL, id }));
    await queue.add(label(id));
    expect(fetch.mock.calls.map(([url]) => url)).toEqual([
      'http://127.0.0.1:8787/v1/model',
      `http://127.0.0.1:8787/v1/swipes${query}`,
    ]);
  }
});

it('stores neither photos nor the site’s own IDs', async () => {
  server.fate = () => 'undelivered';
  const { queue } = newQueue();
  await queue.add(label('https://photos.example/ada.jpg'));
  const stored = JSON.stringify((await browser.storage.local.get('labels')).labels);
  expect(stored).toContain('score-of-');
  expect(stored.replaceAll(/score-of-\S+?"/g, '"').replaceAll(/label of \S+?"/g, '"')).not.toContain('ada');
});

it('answers after 2 seconds that a label waits, and delivers it later', async () => {
  const { queue, fetch } = newQueue();
  const { promise, resolve } = Promise.withResolvers<Response>();
  fetch.mockImplementationOnce(() => promise);
  const adding = queue.add(label('Ada'));
  await vi.waitFor(() => expect(clock.delaysMs).toEqual([2_000]));
  await vi.waitFor(() => expect(fetch).toHaveBeenCalled());
  clock.advance(2_000);
  expect(await adding).toEqual({ queued: true });
  const agreement = { likes: { agreed: 0, disagreed: 0 }, passes: { agreed: 0, disagreed: 0 }, balanced: null };
  const rest = { faded: null, lowerBound: 0, required: 0.6, isOpen: true, timesShut: 0 };
  resolve(
    Response.json({ id: 5, outcome: 'added', photos: 1, likes: 1, passes: 0, agreement: { ...agreement, ...rest } }),
  );
  await queue.deliver();
  expect((await queue.labels()).steps).toEqual([]);
});

describe('while the server is away', () => {
  it.each(['undelivered', 'busy', 'answer lost'] as const)(
    'keeps labels whose request is %s, and delivers them in order',
    async (fate) => {
      server.fate = () => fate;
      const { queue } = newQueue();
      for (const name of ['Ada', 'Bea', 'Cleo']) expect(await queue.add(label(name))).toEqual({ queued: true });
      expect(await alarm()).toMatchObject({ periodInMinutes: 1 });
      server.fate = () => 'answered';
      const later = newQueue();
      await later.queue.deliver();
      expect(server.kept).toEqual(await expected('Ada', 'Bea', 'Cleo'));
      const ids = [...server.swipes.values()].map(({ id }) => id);
      expect(ids).toEqual([1, 2, 3]);
      expect(await alarm()).toBeUndefined();
    },
  );

  it('stops at the first label that can’t be delivered', async () => {
    server.fate = () => 'undelivered';
    const { queue, fetch } = newQueue();
    await queue.add(label('Ada'));
    fetch.mockClear();
    await queue.add(label('Bea'));
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it('keeps 500 labels, and counts the oldest ones as lost beyond that', async () => {
    await changeSettings({ server: { ...SERVER, token: '' } }); // nothing can be sent
    const { queue } = newQueue();
    await queue.add(label('Ada'));
    const { labels } = await browser.storage.local.get('labels');
    const stored = labels as Awaited<ReturnType<LabelQueue['labels']>>;
    const steps = Array.from({ length: 500 }, (_, key) => ({
      ...stored.steps[0]!,
      key,
      id: `${key}`,
      state: key === 0 ? 'tried' : 'new',
    }));
    await browser.storage.local.set({ labels: { ...stored, steps, nextKey: 500 } });
    await queue.add(label('Bea'));
    const after = await queue.labels();
    expect([after.steps.length, after.lost]).toEqual([500, 1]);
    // The first one may have arrived, so it stays until that is known.
    expect(after.steps.map((step) => 'id' in step && step.id)).toEqual([
      '0',
      ...steps.slice(2).map(({ id }) => id),
      'label of Bea',
    ]);
  });
});

describe('a label that the page sends again', () => {
  it('isn’t added twice, whether it waits or has arrived', async () => {
    server.fate = () => 'undelivered';
    const { queue } = newQueue();
    await queue.add(label('Ada'));
    expect(await queue.add(label('Ada'))).toEqual({ queued: true });
    expect((await queue.labels()).steps).toHaveLength(1);
    server.fate = () => 'answered';
    await queue.deliver();
    expect(await queue.add(label('Ada'))).toEqual({ queued: true });
    expect(server.outcomes).toEqual(['added']);
  });

  it('stays away if it was taken back before', async () => {
    const { queue } = newQueue();
    await queue.remove('label of Ada');
    await queue.add(label('Ada'));
    expect(server.kept).toEqual({});
  });
});

describe('a label that is taken back', () => {
  it('is never sent if it still waits', async () => {
    server.fate = () => 'busy';
    const { queue, fetch } = newQueue();
    await queue.add(label('Ada'));
    await queue.add(label('Bea'));
    fetch.mockClear();
    await queue.remove('label of Bea');
    server.fate = () => 'answered';
    await queue.deliver();
    expect(server.kept).toEqual(await expected('Ada'));
    expect(server.outcomes).toEqual(['added']);
  });

  it.each(Array.from({ length: 10 }, (_, at) => at))(
    'leaves nothing on the server, if that happens after the storage was read %i times',
    async (at) => {
      const { queue } = newQueue();
      const { get } = browser.storage.local;
      let reads = 0;
      let removing: Promise<void> | undefined;
      vi.spyOn(browser.storage.local, 'get').mockImplementation(async (key) => {
        const read = await get(key);
        reads += 1;
        if (reads === at + 1) {
          removing = queue.remove('label of Ada');
          for (let turn = 0; turn < 20; turn += 1) await new Promise((next) => setImmediate(next));
        }
        return read;
      });
      await queue.add(label('Ada'));
      await (removing ?? queue.remove('label of Ada'));
      await queue.deliver();
      expect(server.kept).toEqual({});
    },
  );

  it('is deleted on the server, also by another worker and after the browser was closed', async () => {
    await newQueue().queue.add(label('Ada'));
    await browser.storage.session.clear();
    server.fate = () => 'undelivered';
    await newQueue().queue.remove('label of Ada');
    server.fate = () => 'answered';
    await newQueue().queue.deliver();
    expect(server.kept).toEqual({});
  });

  it('is deleted even if the answers to its label and to its deletion were lost', async () => {
    server.fate = () => 'answer lost';
    const { queue } = newQueue();
    await queue.add(label('Ada'));
    expect(server.kept).toEqual(await expected('Ada'));
    await queue.remove('label of Ada');
    await queue.deliver();
    const fates = ['answered', 'answer lost'] as const;
    let at = 0;
    server.fate = () => fates[at++] ?? 'answered';
    await queue.deliver();
    await queue.deliver();
    expect(server.kept).toEqual({});
    expect(await queue.labels()).toMatchObject({ steps: [], lost: 0 });
  });

  it('can be followed by another swipe of the same profile, whose photos are scored again', async () => {
    const decision = { swipe: 'left', reason: 'all_nope' } as const;
    const verdict = { photos: [], decision, threshold: 0.4, model: 'm', scoreId: 'score-of-Ada', ask: false };
    await confidenceCache.set('a', verdict, 0);
    const { queue } = newQueue();
    await queue.add(label('Ada'));
    await queue.remove('label of Ada');
    expect(await confidenceCache.get('a')).toBeUndefined();
    await queue.add(label('Ada', { id: 'again', swipe: 'left' }));
    expect(server.kept).toEqual({ [await profileIdOf('demo', 'Ada', KEY)]: 'left' });
  });

  it('can be the last one, whatever its id is', async () => {
    const { queue } = newQueue();
    expect(await queue.removeLast()).toBeUndefined();
    for (const name of ['Ada', 'Bea']) {
      await queue.add(label(name));
      clock.advance(1_000);
    }
    expect(await queue.removeLast()).toBe('label of Bea');
    expect(server.kept).toEqual(await expected('Ada'));
    expect(await queue.removeLast()).toBe('label of Ada');
    expect(await queue.removeLast()).toBeUndefined();
    expect(server.kept).toEqual({});
  });
});

describe('taking back many labels', () => {
  it('deletes those on the server, also ones that are no longer remembered here', async () => {
    const { queue } = newQueue();
    for (const name of ['Ada', 'Bea', 'Cleo']) await queue.add(label(name));
    const labels = await queue.labels();
    const ended = labels.ended.filter(({ id }) => id !== 'label of Ada');
    await browser.storage.local.set({ labels: { ...labels, ended } });
    const removed = [
      { id: 'label of Ada', swipeId: 1 },
      { id: 'label of Bea', swipeId: 2 },
      { id: 'a swipe of its own', swipeId: undefined },
    ];
    expect(await queue.removeAll(removed)).toBe(0);
    expect(server.kept).toEqual(await expected('Cleo'));
  });

  it('says how many the server has yet to delete', async () => {
    const { queue } = newQueue();
    await queue.add(label('Ada'));
    server.fate = () => 'undelivered';
    expect(await queue.removeAll([{ id: 'label of Ada', swipeId: 1 }])).toBe(1);
    server.fate = () => 'answered';
    await queue.deliver();
    expect(server.kept).toEqual({});
  });

  it('loses no label for want of room', async () => {
    const { queue } = newQueue();
    server.fate = () => 'undelivered';
    const removed = Array.from({ length: 501 }, (_, at) => ({ id: `label ${at}`, swipeId: at }));
    expect(await queue.removeAll(removed)).toBe(501);
    await queue.add(label('Ada'));
    expect(await queue.counts()).toMatchObject({ lost: 0 });
  });
});

describe('a correction', () => {
  it('replaces the swipe, and says that the person has seen the verdict', async () => {
    const { queue } = newQueue();
    await queue.add(label('Ada'));
    expect(await queue.correct('label of Ada', 'left')).toMatchObject({ delivered: { id: 1, outcome: 'replaced' } });
    const [kept] = server.swipes.values();
    expect(kept!.request).toMatchObject({ swipe: 'left', verdict: 'shown', decision: 'left', model: 'm' });
    await queue.correct('label of Ada', 'right');
    expect(server.kept).toEqual(await expected('Ada'));
    await queue.remove('label of Ada');
    await queue.deliver();
    expect(server.kept).toEqual({});
  });

  it('follows its label if that still waits', async () => {
    server.fate = () => 'answer lost';
    const { queue } = newQueue();
    await queue.add(label('Ada', { verdict: 'none', decision: undefined, decidedBy: undefined }));
    expect(await queue.correct('label of Ada', 'left')).toEqual({ queued: true });
    server.fate = () => 'answered';
    await queue.deliver();
    expect(server.outcomes.slice(-2)).toEqual(['unchanged', 'replaced']);
    expect(Object.values(server.kept)).toEqual(['left']);
  });

  it('is refused for a label that is unknown, taken back, or older than a day', async () => {
    const { queue } = newQueue();
    await queue.add(label('Ada'));
    await queue.add(label('Bea'));
    await queue.remove('label of Bea');
    for (const id of ['nobody', 'label of Bea']) expect(await queue.correct(id, 'left')).toEqual({ queued: false });
    clock.advance(24 * 3_600_000);
    expect(await queue.correct('label of Ada', 'left')).toHaveProperty('delivered');
    clock.advance(1);
    expect(await queue.correct('label of Ada', 'right')).toEqual({ queued: false });
  });
});

describe('a label that the server can’t store', () => {
  it('arrives without its features if they are gone or there never were any', async () => {
    const { queue } = newQueue();
    const { scoreId: _, ...unscored } = label('Ada');
    expect(await queue.add(unscored)).toHaveProperty('delivered');
    const expiring = label('Bea');
    server.scores.clear();
    expect(await queue.add(expiring)).toHaveProperty('delivered');
    expect(await queue.add(label('Cleo'))).toHaveProperty('delivered');
    expect(await queue.labels()).toMatchObject({ steps: [], lost: 0 });
    expect(server.kept).toEqual(await expected('Ada', 'Bea', 'Cleo'));
  });

  it('is dropped and reported if the server refuses it for good', async () => {
    const warn = logged();
    const { queue } = newQueue();
    await queue.add(label('Ada', { site: 'Not a site!' }));
    await queue.add(label('Bea'));
    expect(warn.mock.calls).toEqual([['swipenet: sending a label: refused']]);
    expect(await queue.labels()).toMatchObject({ steps: [], lost: 1 });
    expect(server.kept).toEqual(await expected('Bea'));
  });
});

describe('consent', () => {
  it.each([
    ['the consent to learning', () => changeTasteSettings({ consent: null })],
    ['the consent to send photos', () => changeSettings({ consent: null })],
    ['a key for profile IDs', () => changeSettings({ server: { ...SERVER, profileKey: '' } })],
    ['a mode that learns', () => changeSettings({ mode: 'show' })],
  ])('is missing without %s, and then no label is queued', async (_, change) => {
    await change();
    const { queue, fetch } = newQueue();
    expect(await queue.add(label('Ada'))).toEqual({ queued: false });
    expect(fetch).not.toHaveBeenCalled();
    expect((await queue.labels()).steps).toEqual([]);
  });

  it('empties the queue when it is withdrawn, even while no worker runs', async () => {
    server.fate = () => 'undelivered';
    await newQueue().queue.add(label('Ada'));
    server.fate = () => 'answered';
    await changeTasteSettings({ consent: null });
    const { queue, fetch } = newQueue();
    await queue.deliver(); // the alarm may come first
    await queue.follow(await readSettings());
    await changeTasteSettings({ consent: 'loopback' });
    await queue.follow(await readSettings());
    expect(fetch).not.toHaveBeenCalled();
    expect(await queue.labels()).toMatchObject({ steps: [], ended: [] });
  });

  it('aborts the request in progress when it is withdrawn, and nothing is sent after it', async () => {
    const { queue, fetch } = newQueue();
    let aborted = false;
    fetch.mockImplementation(async (_, init) => {
      await changeTasteSettings({ consent: null });
      aborted = init!.signal!.aborted;
      throw init!.signal!.reason;
    });
    await queue.add(label('Ada'));
    await queue.deliver();
    expect([aborted, fetch.mock.calls.length]).toEqual([true, 1]);
  });

  it('is for one server: labels never go to another one', async () => {
    server.fate = () => 'undelivered';
    const { queue, fetch } = newQueue();
    await queue.add(label('Ada'));
    server.fate = () => 'answered';
    fetch.mockClear();
    await changeSettings({ server: { ...SERVER, address: 'http://127.0.0.1:9999' } });
    await queue.follow(await readSettings());
    expect(fetch).not.toHaveBeenCalled();
    await queue.add(label('Bea'));
    expect(server.kept).toEqual(await expected('Bea'));
    expect((await queue.labels()).server).toBe('http://127.0.0.1:9999');
  });

  it('keeps labels waiting while the control is set to Off', async () => {
    server.fate = () => 'undelivered';
    const { queue, fetch } = newQueue();
    await queue.add(label('Ada'));
    server.fate = () => 'answered';
    fetch.mockClear();
    await changeSettings({ mode: 'off' });
    await queue.follow(await readSettings());
    expect(fetch).not.toHaveBeenCalled();
    await changeSettings({ mode: 'show' });
    await queue.follow(await readSettings());
    expect(server.kept).toEqual(await expected('Ada'));
  });
});

it('delivers nothing while everything is being deleted, and keeps nothing from before', async () => {
  server.fate = () => 'undelivered';
  const { queue } = newQueue();
  await queue.add(label('Ada'));
  server.fate = () => 'answered';
  let adding: Promise<unknown> | undefined;
  const erased = await queue.empty(async () => {
    adding = queue.add(label('Bea'));
    await vi.waitFor(async () => expect((await queue.labels()).steps).toHaveLength(1));
    return 'erased';
  });
  await adding;
  expect(erased).toBe('erased');
  expect(server.outcomes).toEqual([]);
  expect(await queue.labels()).toMatchObject({ steps: [], ended: [] });
});

describe('a swipe of Swipenet’s own', () => {
  it('is remembered but not sent, and isn’t the last label', async () => {
    const { queue, fetch } = newQueue();
    await queue.add(label('Ada'));
    fetch.mockClear();
    clock.advance(1_000);
    expect(await queue.add(label('Bea', { own: true }))).toEqual({ queued: false });
    await queue.deliver();
    expect(fetch).not.toHaveBeenCalled();
    expect(await queue.labels()).toMatchObject({ steps: [], lost: 0 });
    expect(await queue.removeLast()).toBe('label of Ada');
    expect(server.kept).toEqual({});
  });

  it('becomes a label when the person corrects it', async () => {
    const { queue } = newQueue();
    await queue.add(label('Ada', { own: true, swipe: 'left', verdict: 'shown' }));
    expect(await queue.correct('label of Ada', 'right')).toMatchObject({ delivered: { outcome: 'added' } });
    expect(server.kept).toEqual(await expected('Ada'));
    expect(await queue.removeLast()).toBe('label of Ada');
    expect(server.kept).toEqual({});
  });

  it('is forgotten when it is taken back', async () => {
    const { queue, fetch } = newQueue();
    await queue.add(label('Ada', { own: true }));
    await queue.remove('label of Ada');
    await queue.deliver();
    expect(await queue.correct('label of Ada', 'right')).toEqual({ queued: false });
    expect(fetch).not.toHaveBeenCalled();
  });
});
