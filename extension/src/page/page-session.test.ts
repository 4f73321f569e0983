// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FakeDeck, type FakeProfile, pagePhotos } from '../../../test/support/fake-deck.ts';
import { PageClock } from '../../../test/support/page-clock.ts';
import type { Answer, Counted, PageStatus, PermitAnswer, PhotoVerdict, Verdict } from '../messages.ts';
import type { PagePhoto, Swipe } from '../sites/site-adapter.ts';
import { AutoSwiper } from './auto-swiper.ts';
import type { Overlay } from './overlay/overlay.ts';
import { PageSession, type PageSessionParts } from './page-session.ts';
import { ProfileWatcher } from './profile-watcher.ts';
import { SessionStatus } from './session-status.ts';

let end = new AbortController();
afterEach(() => end.abort(new Error('over')));
vi.spyOn(console, 'warn').mockImplementation(() => {});

/** A photo named `like` is LIKE, `nope` is NOPE, and a photo that the page doesn’t show is missing. */
function verdictOf(pagePhotos: readonly PagePhoto[]): Verdict {
  const photos = pagePhotos.map((photo) => ('url' in photo ? photo.url : null));
  const decision: Verdict['decision'] = photos.includes('like')
    ? { swipe: 'right', reason: 'like_found', photo: photos.indexOf('like') }
    : photos.includes(null)
      ? { swipe: 'hold', reason: 'photos_missing' }
      : { swipe: 'left', reason: 'all_nope' };
  const marks = photos.map((photo): PhotoVerdict => {
    if (photo === null) return { missing: 'page' };
    return photo === 'like' ? { like: 0.9, label: 'LIKE' } : { like: 0.1, label: 'NOPE' };
  });
  return { photos: marks, decision, threshold: 0.4, model: 'm' };
}

function sessionOn(profiles: FakeProfile[], parts: Partial<PageSessionParts> = {}) {
  end = new AbortController();
  const page = new FakeDeck(document, profiles);
  const clock = new PageClock();
  const watcher = new ProfileWatcher(document, end.signal);
  const control = { mode: 'swipe', hidden: false, offline: false };
  const statuses: PageStatus[] = [];
  const counted: Counted[] = [];
  const ids: string[] = [];
  const score = vi.fn(
    async (photos: readonly PagePhoto[], _signal: AbortSignal): Promise<Answer<'score'>> => verdictOf(photos),
  );
  const permit = vi.fn(async (_id: string, _swipe: Swipe): Promise<PermitAnswer> => ({ permitted: true }));
  const released: string[] = [];
  const ahead = vi.fn(async (photos: readonly PagePhoto[], _: string): Promise<Answer<'score'>> => verdictOf(photos));
  const canceled: string[] = [];
  const quiet = () => {};
  const overlay = {
    showReading: quiet,
    showPending: quiet,
    showVerdict: quiet,
    showProblem: quiet,
    showStatus: quiet,
    clear: quiet,
  };
  const act = { listener: () => {} };
  const onPersonAct = (_: Document, acted: () => void) => {
    act.listener = acted;
  };
  const swiper = new AutoSwiper({ document, onPersonAct, lifetime: new AbortController().signal });
  const maySwipe = () => control.mode === 'swipe';
  const status =
    parts.status ??
    new SessionStatus({
      maySwipe,
      report: (reported, what, id) => {
        statuses.push(reported);
        if (what) counted.push(what);
        if (id) ids.push(id);
      },
      leave: () => {},
    });
  status.begin(overlay, end.signal);
  const session = new PageSession(
    {
      page,
      watcher,
      clock,
      overlay: overlay as unknown as Overlay,
      maySwipe,
      isHidden: () => control.hidden,
      isOffline: () => control.offline,
      score,
      ahead: { score: ahead, cancel: (id) => canceled.push(id) },
      permits: {
        ask: permit,
        release: (id, pressed) => released.push(pressed ? `${id} pressed` : id),
        clock,
        name: 'page',
      },
      status,
      swiper,
      ...parts,
    },
    end.signal,
  );
  session.run().catch(() => {});
  const reason = () => statuses.at(-1)?.reason;
  const said = { statuses, counted, ids, released, canceled };
  return { page, clock, watcher, control, ...said, score, permit, ahead, session, swiper, status, reason };
}

const LIKED: FakeProfile = { key: 'liked', photos: ['nope', 'like'] };
const NOPED: FakeProfile = { key: 'noped', photos: ['nope', 'nope'] };
const PARTIAL: FakeProfile = { key: 'partial', photos: ['nope', null] };

it('swipes each profile by its verdict, and counts what the page confirms', async () => {
  const { page, clock, counted, reason } = sessionOn([LIKED, NOPED]);
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(page.pressed).toEqual(['right liked', 'left noped']);
  expect(counted).toEqual(['seen', 'right', 'seen', 'left']);
});

it('swipes nothing in Show mode, and continues with the next card when the person swipes', async () => {
  const { page, clock, control, counted, watcher } = sessionOn([LIKED, NOPED]);
  control.mode = 'show';
  await clock.runUntil(() => counted.length === 1);
  page.next();
  await clock.runUntil(() => counted.length === 2);
  expect(page.pressed).toEqual([]);
  control.mode = 'swipe';
  watcher.poke();
  await clock.runUntil(() => page.pressed.length === 1);
  expect(page.pressed).toEqual(['left noped']);
});

it('retries missing photos twice with the whole set, then names them and leaves the card to the person', async () => {
  const { page, clock, score, statuses, reason, counted } = sessionOn([PARTIAL, LIKED]);
  await clock.runUntil(() => reason() === 'hold');
  expect(score.mock.calls.map(([photos]) => photos)).toEqual(new Array(3).fill(pagePhotos(PARTIAL.photos)));
  expect(statuses.at(-1)).toEqual({ reason: 'hold', detail: '2' });
  expect(counted).toEqual(['seen', 'held']);
  expect(page.pressed).toEqual([]);
});

it('doesn’t retry photos that don’t fit into one request', async () => {
  const { clock, score, reason } = sessionOn([NOPED]);
  score.mockImplementation(async () => ({
    photos: [{ missing: 'unsent' }],
    decision: { swipe: 'hold', reason: 'photos_missing' },
    threshold: 0.4,
    model: 'm',
  }));
  await clock.runUntil(() => reason() === 'hold');
  expect(score).toHaveBeenCalledTimes(1);
});

it('continues after a hold once the person swipes that card', async () => {
  const { page, clock, session, reason } = sessionOn([PARTIAL, LIKED]);
  await clock.runUntil(() => reason() === 'hold');
  session.personActed();
  page.next();
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(page.pressed).toEqual(['right liked']);
});

it('judges a held card again after Resume, and counts it once', async () => {
  const profile = { key: 'later', photos: ['nope', null] as (string | null)[] };
  const { page, clock, session, reason, counted } = sessionOn([profile]);
  await clock.runUntil(() => reason() === 'hold');
  session.resume();
  await clock.runUntil(() => reason() === null);
  await clock.runUntil(() => reason() === 'hold');
  profile.photos.splice(1, 1, 'nope');
  session.resume();
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(page.pressed).toEqual(['left later']);
  expect(counted).toEqual(['seen', 'held', 'left']);
});

it('leaves the page alone after the person acts, until Resume', async () => {
  const { page, clock, session, counted, reason } = sessionOn([LIKED, NOPED]);
  page.onPress = () => session.personActed();
  await clock.runUntil(() => counted.includes('right')); // it is confirmed, so it counts
  await clock.runUntil(() => clock.delaysMs.length === 0).catch(() => {});
  expect(page.pressed).toEqual(['right liked']);
  expect(page.reads).toBe(1);
  expect(reason()).toBe('person_acted');
  page.onPress = () => {};
  session.resume();
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(page.pressed).toEqual(['right liked', 'left noped']);
});

describe('while it waits for a permit', () => {
  /** A session whose second swipe has just begun to wait for a minute. */
  async function waiting(profiles = [LIKED, NOPED]) {
    const running = sessionOn(profiles);
    const { clock } = running;
    const dueMs = 60_000;
    running.permit.mockImplementation(async () => {
      const swiped = running.page.pressed.length > 0;
      return swiped && clock.now() < dueMs ? { waitMs: dueMs - clock.now() } : { permitted: true };
    });
    for (let turn = 0; turn < 500 && !clock.delaysMs.includes(dueMs); turn += 1) {
      await new Promise((settled) => setImmediate(settled));
    }
    expect(running.page.pressed).toEqual(['right liked']);
    const minuteLater = async () => {
      clock.advance(60_000);
      for (let turn = 0; turn < 20; turn += 1) await new Promise((settled) => setImmediate(settled));
    };
    return { ...running, minuteLater };
  }

  it('keeps its pace between swipes', async () => {
    const { page, minuteLater } = await waiting();
    await minuteLater();
    expect(page.pressed).toEqual(['right liked', 'left noped']);
  });

  it('swipes nothing once the person has acted', async () => {
    const { page, session, minuteLater } = await waiting();
    session.personActed();
    await minuteLater();
    expect(page.pressed).toEqual(['right liked']);
  });

  it('swipes nothing once the control is no longer set to Swipe', async () => {
    const { page, control, minuteLater } = await waiting();
    control.mode = 'show';
    await minuteLater();
    expect(page.pressed).toEqual(['right liked']);
  });

  it('swipes nothing under a dialog that opened during the wait', async () => {
    const { page, minuteLater, reason } = await waiting();
    page.dialog = { name: 'upsell', harmless: false };
    await minuteLater();
    expect(page.pressed).toEqual(['right liked']);
    expect(reason()).toBe('dialog_unknown');
  });

  it('swipes nothing while the tab is hidden', async () => {
    const { page, control, minuteLater, reason } = await waiting();
    control.hidden = true;
    await minuteLater();
    expect(page.pressed).toEqual(['right liked']);
    expect(reason()).toBe('tab_hidden');
  });

  it('doesn’t act on a verdict from before Resume', async () => {
    const changing: FakeProfile = { key: 'changing', photos: ['like'] };
    const { page, session, minuteLater } = await waiting([LIKED, changing]);
    changing.photos.splice(0, 1, 'nope');
    session.personActed();
    session.resume();
    await minuteLater();
    await minuteLater();
    expect(page.pressed).toEqual(['right liked', 'left changing']);
  });
});

it('doesn’t swipe until a click of an earlier session is confirmed', async () => {
  const deck = sessionOn([LIKED, NOPED]);
  const confirmed = Promise.withResolvers<void>();
  deck.swiper.settled = () => confirmed.promise;
  await deck.clock.runUntil(() => deck.counted.length === 1);
  for (let turn = 0; turn < 20; turn += 1) await new Promise((settled) => setImmediate(settled));
  expect(deck.page.pressed).toEqual([]);
  deck.page.next(); // the earlier session's click has removed the card
  confirmed.resolve();
  await deck.clock.runUntil(() => deck.reason() === 'deck_ended');
  expect(deck.page.pressed).toEqual(['left noped']);
});

it('dismisses a match once, however long it takes to fade, and stops if it stays', async () => {
  const { page, clock, reason } = sessionOn([LIKED, NOPED]);
  page.onPress = () => {
    page.dialog = { name: 'match', harmless: true, stuck: true };
    page.onPress = () => {};
  };
  await clock.runUntil(() => page.pressed.includes('dismiss'));
  for (let change = 0; change < 10; change += 1) page.changed();
  await clock.runUntil(() => reason() === 'dialog_unknown');
  expect(page.pressed).toEqual(['right liked', 'dismiss']);
});

it('reports the end of the deck when the person swipes the last card after a hold', async () => {
  const { page, clock, reason } = sessionOn([PARTIAL]);
  await clock.runUntil(() => reason() === 'hold');
  page.next();
  await clock.runUntil(() => reason() === 'deck_ended');
});

it('reports that the tab is hidden even if the verdict arrives in the meantime', async () => {
  const { clock, control, score, reason } = sessionOn([NOPED]);
  score.mockImplementationOnce(async (photos) => {
    control.hidden = true;
    return verdictOf(photos);
  });
  await clock.runUntil(() => reason() === 'tab_hidden');
});

it('reports its status as soon as it starts', () => {
  expect(sessionOn([NOPED]).statuses.length).toBeGreaterThan(0);
});

it('stops reading when the person acts, and reads again when they are done', async () => {
  const { page, clock, control, session, counted } = sessionOn([NOPED]);
  control.mode = 'show';
  await clock.runUntil(() => page.reads === 1);
  session.personActed();
  await clock.runUntil(() => counted.length === 1);
  expect(page.reads).toBe(2);
  expect(clock.now()).toBeGreaterThanOrEqual(1_500);
});

it('waits while the server is down, reports it, and loses no profile', async () => {
  const { page, clock, score, statuses, reason } = sessionOn([LIKED, NOPED]);
  for (let call = 0; call < 5; call += 1) score.mockResolvedValueOnce({ problem: { reason: 'server_unreachable' } });
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(statuses.map((status) => status.reason)).toContain('server_unreachable');
  expect(page.pressed).toEqual(['right liked', 'left noped']);
});

it('doesn’t ask a busy server again before its retry time', async () => {
  const { clock, score, reason } = sessionOn([NOPED]);
  score.mockResolvedValueOnce({ problem: { reason: 'server_busy', retryAfterMs: 7_000 } });
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(clock.now()).toBeGreaterThanOrEqual(7_000);
});

it('asks again when the browser ends the worker, and doesn’t report the first time', async () => {
  const { page, clock, score, statuses, reason } = sessionOn([LIKED]);
  score.mockRejectedValueOnce(new Error('The message port closed before a response was received.'));
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(statuses.map((status) => status.reason)).not.toContain('worker_gone');
  expect(page.pressed).toEqual(['right liked']);
});

it('closes a match with its safe button and continues', async () => {
  const { page, clock, reason } = sessionOn([LIKED, NOPED]);
  page.onPress = () => {
    page.dialog = { name: 'match', harmless: true };
    page.onPress = () => {};
  };
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(page.pressed).toEqual(['right liked', 'dismiss', 'left noped']);
});

it('stops at a dialog that the adapter doesn’t know, and touches nothing', async () => {
  const { page, clock, reason, session } = sessionOn([LIKED, NOPED]);
  page.onPress = () => {
    page.dialog = { name: 'upsell', harmless: false };
    page.onPress = () => {};
  };
  await clock.runUntil(() => reason() === 'dialog_unknown');
  expect(page.pressed).toEqual(['right liked']);
  page.dialog = undefined;
  page.changed();
  session.resume();
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(page.pressed).toEqual(['right liked', 'left noped']);
});

it('stops when a press does nothing', async () => {
  const { page, clock, reason, counted } = sessionOn([LIKED]);
  page.isDead = true;
  await clock.runUntil(() => reason() === 'swipe_unverified');
  expect(page.pressed).toEqual(['right liked']);
  expect(counted).toEqual(['seen']);
});

it('waits while the tab is hidden, and reports it', async () => {
  const { page, clock, control, watcher, reason, counted } = sessionOn([LIKED, NOPED]);
  page.onPress = () => {
    control.hidden = true;
    page.onPress = () => {};
  };
  await clock.runUntil(() => reason() === 'tab_hidden');
  expect(page.pressed).toEqual(['right liked']);
  control.hidden = false;
  watcher.poke();
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(counted).toEqual(['seen', 'right', 'seen', 'left']);
});

it('drops a verdict if its card is gone by then', async () => {
  const { page, clock, score, reason } = sessionOn([NOPED, LIKED]);
  score.mockImplementationOnce(async (photos) => {
    page.next(); // the person swipes during the request
    await new Promise((settled) => setImmediate(settled));
    return verdictOf(photos);
  });
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(page.pressed).toEqual(['right liked']);
});

it('continues when another card is on top before the page reports a change', async () => {
  const { page, clock, reason } = sessionOn([NOPED, LIKED]);
  const seen = page.view.bind(page);
  let looks = 0;
  page.view = () => {
    looks += 1;
    if (looks === 2) page.nextUnannounced(); // between the session's look and the reader's
    return seen();
  };
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(page.pressed).toEqual(['right liked']);
});

it('counts a swipe made just before swiping was turned off', async () => {
  const { page, clock, counted } = sessionOn([LIKED, NOPED]);
  page.onPress = () => end.abort(new Error('off'));
  await clock.runUntil(() => counted.includes('right'));
  expect(page.pressed).toEqual(['right liked']);
});

it('asks for a permit before each swipe, and counts the swipe under that permit', async () => {
  const { clock, permit, ids, reason } = sessionOn([LIKED, NOPED]);
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(permit.mock.calls).toEqual([
    ['page/swipe-1', 'right'],
    ['page/swipe-2', 'left'],
  ]);
  expect(ids).toEqual(['page/swipe-1', 'page/swipe-2']);
});

it.each(['limit_session', 'limit_day', 'limit_likes', 'limit_share'] as const)(
  'stops at %s and presses nothing',
  async (limit) => {
    const { page, clock, permit, reason, statuses, session } = sessionOn([LIKED, NOPED]);
    permit.mockResolvedValueOnce({ refused: limit, detail: '100' });
    await clock.runUntil(() => reason() === limit);
    expect(statuses.at(-1)?.detail).toBe('100');
    expect(page.pressed).toEqual([]);
    session.resume();
    await clock.runUntil(() => reason() === 'deck_ended');
    expect(page.pressed).toEqual(['right liked', 'left noped']);
  },
);

it.each(['other_tab', 'outside_hours'] as const)(
  'waits at %s, reports it, and continues automatically',
  async (why) => {
    const { page, clock, permit, reason, statuses } = sessionOn([LIKED]);
    for (let times = 0; times < 3; times += 1) permit.mockResolvedValueOnce({ refused: why });
    await clock.runUntil(() => reason() === 'deck_ended');
    expect(statuses.map((status) => status.reason)).toContain(why);
    expect(page.pressed).toEqual(['right liked']);
  },
);

it('asks again with the same ID if the worker died before it could answer', async () => {
  const { page, clock, permit, reason } = sessionOn([LIKED]);
  permit.mockRejectedValueOnce(new Error('The message port closed before a response was received.'));
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(permit.mock.calls.map(([id]) => id)).toEqual(['page/swipe-1', 'page/swipe-1']);
  expect(page.pressed).toEqual(['right liked']);
});

it('releases an unused permit, and keeps the permit of an unconfirmed press', async () => {
  const { page, clock, control, permit, released, watcher, session, reason } = sessionOn([LIKED]);
  permit.mockImplementationOnce(async () => {
    control.mode = 'show';
    return { permitted: true };
  });
  await clock.runUntil(() => released.length === 1);
  expect(page.pressed).toEqual([]);
  page.isDead = true;
  control.mode = 'swipe';
  watcher.poke();
  await clock.runUntil(() => reason() === 'swipe_unverified');
  expect(released).toEqual(['page/swipe-1', 'page/swipe-2 pressed']);
  session.resume();
});

it.each(['out_of_likes', 'upsell_open', 'permission_prompt', 'signed_out', 'challenge'] as const)(
  'stops at %s until Resume, and touches nothing',
  async (obstacle) => {
    const { page, clock, session, reason } = sessionOn([LIKED, NOPED]);
    page.onPress = () => {
      page.obstacle = obstacle;
      page.onPress = () => {};
    };
    await clock.runUntil(() => reason() === obstacle);
    page.obstacle = undefined;
    page.changed();
    for (let turn = 0; turn < 20; turn += 1) await new Promise((settled) => setImmediate(settled));
    expect(page.pressed).toEqual(['right liked']);
    session.resume();
    await clock.runUntil(() => reason() === 'deck_ended');
    expect(page.pressed).toEqual(['right liked', 'left noped']);
  },
);

it('waits while a consent layer covers the page, and while the browser is offline', async () => {
  const { page, clock, control, watcher, reason } = sessionOn([LIKED]);
  page.obstacle = 'consent_layer';
  await clock.runUntil(() => reason() === 'consent_layer');
  page.obstacle = undefined;
  control.offline = true;
  watcher.poke();
  await clock.runUntil(() => reason() === 'offline');
  expect(page.pressed).toEqual([]);
  control.offline = false;
  watcher.poke();
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(page.pressed).toEqual(['right liked']);
});

it('reports a changed page after half a minute without a card, and continues once there is one', async () => {
  const { page, clock, reason, statuses } = sessionOn([LIKED]);
  page.obstacle = 'loading';
  await clock.runUntil(() => reason() === 'page_changed');
  expect(clock.now()).toBeGreaterThanOrEqual(30_000);
  expect(statuses.map((status) => status.reason)).toContain('page_loading');
  page.obstacle = undefined;
  page.changed();
  await clock.runUntil(() => reason() === 'deck_ended');
});

it('scores the next profiles while it acts, and doesn’t request them again', async () => {
  const { page, clock, score, ahead, reason } = sessionOn([LIKED, NOPED]);
  page.comingNext = [pagePhotos(NOPED.photos)];
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(ahead.mock.calls.map(([photos]) => photos)).toEqual([pagePhotos(NOPED.photos)]);
  expect(score.mock.calls.map(([photos]) => photos)).toEqual([pagePhotos(LIKED.photos)]);
  expect(page.pressed).toEqual(['right liked', 'left noped']);
});

it('asks again if scoring ahead ended in a hold', async () => {
  const { page, clock, score, ahead, reason } = sessionOn([LIKED, NOPED]);
  page.comingNext = [pagePhotos(NOPED.photos)];
  ahead.mockImplementation(async () => verdictOf([{ url: 'nope' }, { missing: 'page' }]));
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(score.mock.calls.map(([photos]) => photos)).toEqual([pagePhotos(LIKED.photos), pagePhotos(NOPED.photos)]);
  expect(page.pressed).toEqual(['right liked', 'left noped']);
});

it('doesn’t leave a card to the person for photos that were missing while offline', async () => {
  const { page, clock, control, watcher, score, reason } = sessionOn([NOPED]);
  score.mockImplementation(async (photos) => {
    control.offline = true;
    return verdictOf(photos.map(() => ({ missing: 'page' })));
  });
  await clock.runUntil(() => reason() === 'offline');
  score.mockImplementation(async (photos) => verdictOf(photos));
  control.offline = false;
  watcher.poke();
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(page.pressed).toEqual(['left noped']);
});

it('reports that the browser is offline rather than that the server is down', async () => {
  const { clock, control, watcher, score, reason, statuses } = sessionOn([NOPED]);
  score.mockImplementationOnce(async () => {
    control.offline = true;
    return { problem: { reason: 'server_unreachable' } };
  });
  await clock.runUntil(() => reason() === 'offline');
  control.offline = false;
  watcher.poke();
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(statuses.map((status) => status.reason)).not.toContain('server_unreachable');
});

it('doesn’t press again in a new session after an unconfirmed press', async () => {
  const first = sessionOn([LIKED]);
  first.page.isDead = true;
  await first.clock.runUntil(() => first.page.pressed.length === 1);
  end.abort(new Error('an option was changed'));
  await first.clock.runUntil(() => first.status.stopped !== undefined);
  const second = sessionOn([LIKED], { status: first.status });
  await second.clock.runUntil(() => second.counted.length > 0 || first.counted.includes('seen'));
  for (let turn = 0; turn < 30; turn += 1) await new Promise((settled) => setImmediate(settled));
  expect(second.page.pressed).toEqual([]);
  expect(first.status.stopped?.reason).toBe('swipe_unverified');
  second.session.resume();
  await second.clock.runUntil(() => second.page.pressed.length === 1);
});

it('judges a card again before a left swipe if it now shows more photos', async () => {
  const growing: FakeProfile = { key: 'growing', photos: ['nope'] };
  const { page, clock, permit, released, score, reason } = sessionOn([growing]);
  permit.mockImplementationOnce(async () => {
    growing.photos.push('like');
    return { permitted: true };
  });
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(score).toHaveBeenCalledTimes(2);
  expect(released).toEqual(['page/swipe-1']);
  expect(page.pressed).toEqual(['right growing']);
});

it('moves on at once when the person swipes during a request', async () => {
  const { page, clock, score, reason } = sessionOn([NOPED, LIKED]);
  score.mockImplementationOnce(() => {
    page.next();
    return new Promise(() => {}); // never answers
  });
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(page.pressed).toEqual(['right liked']);
  expect(score.mock.calls[0]?.[1].aborted).toBe(true);
});

it('closes a recurring dialog a few times, then leaves it to the person', async () => {
  const { page, clock, reason } = sessionOn([LIKED, NOPED]);
  page.onPress = () => {
    page.dialog = { name: 'match', harmless: true, comesBack: true };
    page.onPress = () => {};
  };
  await clock.runUntil(() => reason() === 'dialog_unknown');
  expect(page.pressed).toEqual(['right liked', ...new Array(5).fill('dismiss')]);
});

describe('on a page that doesn’t prove itself', () => {
  it.each(['surface_ambiguous', 'control_missing', 'control_ambiguous', 'card_unproven'] as const)(
    'stops at %s without asking for a permit or pressing anything',
    async (unproven) => {
      const { page, clock, session, permit, reason, status } = sessionOn([LIKED]);
      page.unproven = unproven;
      await clock.runUntil(() => reason() === unproven);
      expect(status.stopped?.reason).toBe(unproven);
      expect([page.pressed, permit.mock.calls]).toEqual([[], []]);
      page.unproven = undefined;
      session.resume();
      await clock.runUntil(() => reason() === 'deck_ended');
      expect(page.pressed).toEqual(['right liked']);
    },
  );

  it.each(['covered', 'off_screen', 'page_changed'] as const)(
    'reports %s, and continues automatically once it has passed',
    async (unproven) => {
      const { page, clock, reason, status } = sessionOn([LIKED]);
      page.unproven = unproven;
      await clock.runUntil(() => reason() === unproven);
      expect([status.stopped, page.pressed]).toEqual([undefined, []]);
      page.unproven = undefined;
      await clock.runUntil(() => reason() === 'deck_ended');
      expect(page.pressed).toEqual(['right liked']);
    },
  );

  it('doesn’t report what passes in a moment', async () => {
    const { page, clock, reason, statuses } = sessionOn([LIKED]);
    page.unproven = 'covered';
    await clock.runUntil(() => clock.now() >= 2_000);
    page.unproven = undefined;
    await clock.runUntil(() => reason() === 'deck_ended');
    expect(statuses.map((status) => status.reason)).not.toContain('covered');
    expect(page.pressed).toEqual(['right liked']);
  });

  it('presses nothing if the proof fails after the permit, and releases the permit', async () => {
    const { page, clock, permit, released, reason } = sessionOn([LIKED]);
    permit.mockImplementationOnce(async () => {
      page.unproven = 'control_ambiguous';
      return { permitted: true };
    });
    await clock.runUntil(() => reason() === 'control_ambiguous');
    expect(page.pressed).toEqual([]);
    expect(released).toEqual(['page/swipe-1']);
  });

  it('stops if the proof keeps failing after the permit', async () => {
    const { page, clock, permit, reason } = sessionOn([LIKED]);
    const prove = page.prove.bind(page);
    let asked = 0;
    page.prove = (...parts) => {
      asked += 1;
      return asked % 2 === 0 ? { stop: 'control_missing' } : prove(...parts);
    };
    await clock.runUntil(() => reason() === 'control_missing');
    expect(page.pressed).toEqual([]);
    expect(permit.mock.calls.length).toBe(3);
  });
});

describe('a hidden profile', () => {
  it('isn’t read until it is visible, and is reported after a moment', async () => {
    const { page, clock, reason } = sessionOn([LIKED]);
    page.hidden = 'covered';
    await clock.runUntil(() => reason() === 'covered');
    expect([page.reads, clock.now() >= 2_000]).toEqual([0, true]);
    page.hidden = undefined;
    await clock.runUntil(() => reason() === 'deck_ended');
    expect(page.pressed).toEqual(['right liked']);
  });

  it('isn’t read while it is ambiguous', async () => {
    const { page, clock, reason, status } = sessionOn([LIKED]);
    const view = page.view.bind(page);
    page.view = () => ({ kind: 'unproven', reason: 'surface_ambiguous' });
    await clock.runUntil(() => reason() === 'surface_ambiguous');
    expect([page.reads, status.stopped?.reason]).toEqual([0, 'surface_ambiguous']);
    page.view = view;
  });
});

describe('a card left to the person', () => {
  const verdict = (...photos: PhotoVerdict[]): Verdict => ({
    photos,
    decision: { swipe: 'hold', reason: 'photos_missing' },
    threshold: 0.4,
    model: 'm',
  });

  it.each<[string, PhotoVerdict[]]>([
    ['only_videos', [{ missing: 'video' }, { missing: 'video' }]],
    ['page_changed', [{ missing: 'page' }, { missing: 'page' }]],
    ['page_changed', [{ missing: 'page' }, { missing: 'video' }]],
    ['hold', [{ missing: 'page' }, { missing: 'download' }]],
    ['hold', [{ missing: 'page' }, { like: 0.1, label: 'NOPE' }]],
  ])('is reported as %s', async (why, photos) => {
    const { page, clock, score, reason, counted, session } = sessionOn([NOPED, LIKED]);
    score.mockResolvedValue(verdict(...photos));
    await clock.runUntil(() => reason() === why);
    expect([page.pressed, counted]).toEqual([[], ['seen', 'held']]);
    score.mockImplementation(async (read) => verdictOf(read));
    session.personActed();
    page.next(); // the person swipes it, so the session continues
    await clock.runUntil(() => reason() === 'deck_ended');
    expect(page.pressed).toEqual(['right liked']);
  });

  it('is left for an unsure photo count only if it would go left', async () => {
    const { page, clock, reason } = sessionOn([LIKED, NOPED]);
    page.photoCount = () => undefined;
    await clock.runUntil(() => reason() === 'photo_count_unsure');
    expect(page.pressed).toEqual(['right liked']);
  });

  it('is judged again and swiped when the page’s data arrives', async () => {
    const { page, clock, score, reason, counted } = sessionOn([NOPED]);
    score.mockResolvedValue(verdict({ like: 0.1, label: 'NOPE' }, { missing: 'page' }));
    await clock.runUntil(() => reason() === 'hold');
    score.mockImplementation(async (read) => verdictOf(read));
    page.known = true;
    page.news();
    await clock.runUntil(() => reason() === 'deck_ended');
    expect(page.pressed).toEqual(['left noped']);
    expect(counted).toEqual(['seen', 'held', 'left']);
  });

  it('isn’t judged again for data that it already had', async () => {
    const { page, clock, score, reason } = sessionOn([PARTIAL]);
    page.known = true;
    await clock.runUntil(() => reason() === 'hold');
    const { length } = score.mock.calls;
    page.news();
    for (let turn = 0; turn < 30; turn += 1) await new Promise((settled) => setImmediate(settled));
    expect(score.mock.calls.length).toBe(length);
    expect(reason()).toBe('hold');
  });
});

it('scores a profile again if it shows more photos, even in Show mode', async () => {
  const growing: FakeProfile = { key: 'growing', photos: ['nope'] };
  const { page, clock, control, score, counted } = sessionOn([growing]);
  control.mode = 'show';
  await clock.runUntil(() => counted.length === 1);
  growing.photos.push('like');
  page.news();
  await clock.runUntil(() => score.mock.calls.length === 2);
  expect(score.mock.calls[1]![0]).toEqual(pagePhotos(['nope', 'like']));
  expect(page.pressed).toEqual([]);
});

it('judges a card only a few times, and doesn’t swipe left while its photo count changes', async () => {
  const { page, clock, score, reason } = sessionOn([NOPED]);
  let count = 2;
  page.photoCount = () => {
    count += 1; // the page gives a different count each time
    return count;
  };
  await clock.runUntil(() => reason() === 'photo_count_unsure');
  expect(score.mock.calls.length).toBe(4);
  expect(page.pressed).toEqual([]);
});

describe('a page whose photos don’t load', () => {
  /** Reads like the carousel: waits up to 10 seconds for each photo, within the card's total time. */
  const readSlowly = (page: FakeDeck, loads: (photo: string | null) => boolean) => {
    page.readPhotos = async ({ key }, { deadline, late }) => {
      const read: PagePhoto[] = [];
      for (const photo of page.profiles.find((profile) => profile.key === key)!.photos) {
        const over = AbortSignal.any([deadline(10_000), late]);
        if (!loads(photo) && !over.aborted) {
          await new Promise((settled) => over.addEventListener('abort', settled, { once: true }));
        }
        read.push(photo !== null && loads(photo) ? { url: photo } : { missing: 'page' });
      }
      return read;
    };
  };

  it('is reported as changed after half a minute', async () => {
    const eight: FakeProfile = { key: 'eight', photos: new Array(8).fill('nope') };
    const { page, clock, score, reason } = sessionOn([eight]);
    readSlowly(page, () => false);
    score.mockImplementation(async (photos) => ({
      ...verdictOf(photos.map(() => ({ missing: 'page' }))),
      photos: photos.map(() => ({ missing: 'page' })),
    }));
    await clock.runUntil(() => reason() === 'page_changed');
    expect(clock.now()).toBeGreaterThanOrEqual(30_000);
    expect(clock.now()).toBeLessThan(31_000);
    expect(page.pressed).toEqual([]);
  });

  it('is held within half a minute if one photo of eight doesn’t load', async () => {
    const seven: FakeProfile = { key: 'seven', photos: [...new Array(7).fill('nope'), null] };
    const { page, clock, reason } = sessionOn([seven]);
    readSlowly(page, (photo) => photo !== null);
    await clock.runUntil(() => reason() === 'hold');
    expect(clock.now()).toBeLessThan(32_000);
    expect(page.pressed).toEqual([]);
  });

  it('doesn’t count the time during which the person used it', async () => {
    const { page, clock, session, reason } = sessionOn([NOPED]);
    let reads = 0;
    page.readPhotos = async ({ key }, { signal, late }) => {
      reads += 1;
      if (reads === 1) session.personActed();
      signal.throwIfAborted();
      expect(late.aborted).toBe(false);
      return pagePhotos(page.profiles.find((profile) => profile.key === key)!.photos);
    };
    await clock.runUntil(() => reason() === 'person_acted');
    clock.advance(60_000);
    session.resume();
    await clock.runUntil(() => reason() === 'deck_ended');
    expect(page.pressed).toEqual(['left noped']);
  });
});
