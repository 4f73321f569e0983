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

/** A photo named `like` is LIKE, `nope` is NOPE, and one that the page does not show is missing. */
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
  const cancelled: string[] = [];
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
      ahead: { score: ahead, cancel: (id) => cancelled.push(id) },
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
  const said = { statuses, counted, ids, released, cancelled };
  return { page, clock, watcher, control, ...said, score, permit, ahead, session, swiper, status, reason };
}

const LIKED: FakeProfile = { key: 'liked', photos: ['nope', 'like'] };
const NOPED: FakeProfile = { key: 'noped', photos: ['nope', 'nope'] };
const PARTIAL: FakeProfile = { key: 'partial', photos: ['nope', null] };

it('swipes each profile by its verdict and counts what the page has confirmed', async () => {
  const { page, clock, counted, reason } = sessionOn([LIKED, NOPED]);
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(page.pressed).toEqual(['right liked', 'left noped']);
  expect(counted).toEqual(['seen', 'right', 'seen', 'left']);
});

it('swipes nothing while it only shows, and goes on with the next card that the person turns to', async () => {
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

it('tries missing photos twice more, the whole set each time, then leaves the card to the person and names them', async () => {
  const { page, clock, score, statuses, reason, counted } = sessionOn([PARTIAL, LIKED]);
  await clock.runUntil(() => reason() === 'hold');
  expect(score.mock.calls.map(([photos]) => photos)).toEqual(new Array(3).fill(pagePhotos(PARTIAL.photos)));
  expect(statuses.at(-1)).toEqual({ reason: 'hold', detail: '2' });
  expect(counted).toEqual(['seen', 'held']);
  expect(page.pressed).toEqual([]);
});

it('does not try again what was too much for one request', async () => {
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

it('goes on after a hold when the person has swiped that card', async () => {
  const { page, clock, session, reason } = sessionOn([PARTIAL, LIKED]);
  await clock.runUntil(() => reason() === 'hold');
  session.personActed();
  page.next();
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(page.pressed).toEqual(['right liked']);
});

it('looks at a held card anew after Resume, and counts it once', async () => {
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

it('leaves the page to the person who acts, until Resume: it swipes nothing and turns no photo over', async () => {
  const { page, clock, session, counted, reason } = sessionOn([LIKED, NOPED]);
  page.onPress = () => session.personActed();
  await clock.runUntil(() => counted.includes('right')); // it was confirmed, so it is counted
  await clock.runUntil(() => clock.delaysMs.length === 0).catch(() => {});
  expect(page.pressed).toEqual(['right liked']);
  expect(page.reads).toBe(1);
  expect(reason()).toBe('person_acted');
  page.onPress = () => {};
  session.resume();
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(page.pressed).toEqual(['right liked', 'left noped']);
});

describe('while it waits for a permit to swipe', () => {
  /** A session whose second swipe waits a minute, at the moment that this wait has begun. */
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

  it('keeps swipes apart by its pace', async () => {
    const { page, minuteLater } = await waiting();
    await minuteLater();
    expect(page.pressed).toEqual(['right liked', 'left noped']);
  });

  it('swipes nothing once the person acted', async () => {
    const { page, session, minuteLater } = await waiting();
    session.personActed();
    await minuteLater();
    expect(page.pressed).toEqual(['right liked']);
  });

  it('swipes nothing once the control has left Swipe', async () => {
    const { page, control, minuteLater } = await waiting();
    control.mode = 'show';
    await minuteLater();
    expect(page.pressed).toEqual(['right liked']);
  });

  it('swipes nothing under a dialog that came meanwhile', async () => {
    const { page, minuteLater, reason } = await waiting();
    page.dialog = { name: 'upsell', harmless: false };
    await minuteLater();
    expect(page.pressed).toEqual(['right liked']);
    expect(reason()).toBe('dialog_unknown');
  });

  it('swipes nothing while nobody sees the tab', async () => {
    const { page, control, minuteLater, reason } = await waiting();
    control.hidden = true;
    await minuteLater();
    expect(page.pressed).toEqual(['right liked']);
    expect(reason()).toBe('tab_hidden');
  });

  it('acts on no verdict from before a Resume', async () => {
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

it('waits until a click of an earlier session is confirmed before it swipes', async () => {
  const deck = sessionOn([LIKED, NOPED]);
  const confirmed = Promise.withResolvers<void>();
  deck.swiper.settled = () => confirmed.promise;
  await deck.clock.runUntil(() => deck.counted.length === 1);
  for (let turn = 0; turn < 20; turn += 1) await new Promise((settled) => setImmediate(settled));
  expect(deck.page.pressed).toEqual([]);
  deck.page.next(); // the click of the session before has taken the card away
  confirmed.resolve();
  await deck.clock.runUntil(() => deck.reason() === 'deck_ended');
  expect(deck.page.pressed).toEqual(['left noped']);
});

it('dismisses a match once, however long it takes to fade, and stops when it does not go', async () => {
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

it('says that the deck has ended when the person has swiped the last card of a hold', async () => {
  const { page, clock, reason } = sessionOn([PARTIAL]);
  await clock.runUntil(() => reason() === 'hold');
  page.next();
  await clock.runUntil(() => reason() === 'deck_ended');
});

it('says that nobody sees the tab also when the verdict comes meanwhile', async () => {
  const { clock, control, score, reason } = sessionOn([NOPED]);
  score.mockImplementationOnce(async (photos) => {
    control.hidden = true;
    return verdictOf(photos);
  });
  await clock.runUntil(() => reason() === 'tab_hidden');
});

it('reports itself as soon as it begins', () => {
  expect(sessionOn([NOPED]).statuses.length).toBeGreaterThan(0);
});

it('ends reading when the person acts, and reads again when they are done', async () => {
  const { page, clock, control, session, counted } = sessionOn([NOPED]);
  control.mode = 'show';
  await clock.runUntil(() => page.reads === 1);
  session.personActed();
  await clock.runUntil(() => counted.length === 1);
  expect(page.reads).toBe(2);
  expect(clock.now()).toBeGreaterThanOrEqual(1_500);
});

it('waits for a server that is away, says so, and loses no profile', async () => {
  const { page, clock, score, statuses, reason } = sessionOn([LIKED, NOPED]);
  for (let call = 0; call < 5; call += 1) score.mockResolvedValueOnce({ problem: { reason: 'server_unreachable' } });
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(statuses.map((status) => status.reason)).toContain('server_unreachable');
  expect(page.pressed).toEqual(['right liked', 'left noped']);
});

it('asks a busy server again no sooner than it said', async () => {
  const { clock, score, reason } = sessionOn([NOPED]);
  score.mockResolvedValueOnce({ problem: { reason: 'server_busy', retryAfterMs: 7_000 } });
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(clock.now()).toBeGreaterThanOrEqual(7_000);
});

it('asks again when the browser has ended the worker, and makes no news of the first time', async () => {
  const { page, clock, score, statuses, reason } = sessionOn([LIKED]);
  score.mockRejectedValueOnce(new Error('The message port closed before a response was received.'));
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(statuses.map((status) => status.reason)).not.toContain('worker_gone');
  expect(page.pressed).toEqual(['right liked']);
});

it('closes a match by its safe button and goes on', async () => {
  const { page, clock, reason } = sessionOn([LIKED, NOPED]);
  page.onPress = () => {
    page.dialog = { name: 'match', harmless: true };
    page.onPress = () => {};
  };
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(page.pressed).toEqual(['right liked', 'dismiss', 'left noped']);
});

it('stops at a dialog that the site’s adapter does not know, and touches nothing', async () => {
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

it('waits while nobody sees the tab, and says so', async () => {
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

it('forgets a verdict whose card went away meanwhile', async () => {
  const { page, clock, score, reason } = sessionOn([NOPED, LIKED]);
  score.mockImplementationOnce(async (photos) => {
    page.next(); // the person swiped while the server was at it
    await new Promise((settled) => setImmediate(settled));
    return verdictOf(photos);
  });
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(page.pressed).toEqual(['right liked']);
});

it('goes on when another card comes on top before the page has told of any change', async () => {
  const { page, clock, reason } = sessionOn([NOPED, LIKED]);
  const seen = page.view.bind(page);
  let looks = 0;
  page.view = () => {
    looks += 1;
    if (looks === 2) page.nextUnannounced(); // between the loop's look and the reader's
    return seen();
  };
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(page.pressed).toEqual(['right liked']);
});

it('counts a swipe that was made just before it was switched off', async () => {
  const { page, clock, counted } = sessionOn([LIKED, NOPED]);
  page.onPress = () => end.abort(new Error('off'));
  await clock.runUntil(() => counted.includes('right'));
  expect(page.pressed).toEqual(['right liked']);
});

it('asks for a permit before each swipe, and counts the swipe under it', async () => {
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
  'waits while it is %s, says so, and goes on by itself',
  async (why) => {
    const { page, clock, permit, reason, statuses } = sessionOn([LIKED]);
    for (let times = 0; times < 3; times += 1) permit.mockResolvedValueOnce({ refused: why });
    await clock.runUntil(() => reason() === 'deck_ended');
    expect(statuses.map((status) => status.reason)).toContain(why);
    expect(page.pressed).toEqual(['right liked']);
  },
);

it('asks again under the same id when the worker died before it could answer', async () => {
  const { page, clock, permit, reason } = sessionOn([LIKED]);
  permit.mockRejectedValueOnce(new Error('The message port closed before a response was received.'));
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(permit.mock.calls.map(([id]) => id)).toEqual(['page/swipe-1', 'page/swipe-1']);
  expect(page.pressed).toEqual(['right liked']);
});

it('gives a permit back that it did not use, and keeps the one for a press that was not confirmed', async () => {
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

it('waits while a consent layer lies over the page, and while the browser is offline', async () => {
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

it('says that the page has changed when it knows no card on it for half a minute, and goes on when there is one', async () => {
  const { page, clock, reason, statuses } = sessionOn([LIKED]);
  page.obstacle = 'loading';
  await clock.runUntil(() => reason() === 'page_changed');
  expect(clock.now()).toBeGreaterThanOrEqual(30_000);
  expect(statuses.map((status) => status.reason)).toContain('page_loading');
  page.obstacle = undefined;
  page.changed();
  await clock.runUntil(() => reason() === 'deck_ended');
});

it('has the next profiles scored while it acts, and asks for none of them again', async () => {
  const { page, clock, score, ahead, reason } = sessionOn([LIKED, NOPED]);
  page.comingNext = [pagePhotos(NOPED.photos)];
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(ahead.mock.calls.map(([photos]) => photos)).toEqual([pagePhotos(NOPED.photos)]);
  expect(score.mock.calls.map(([photos]) => photos)).toEqual([pagePhotos(LIKED.photos)]);
  expect(page.pressed).toEqual(['right liked', 'left noped']);
});

it('asks again for what a look ahead could not decide', async () => {
  const { page, clock, score, ahead, reason } = sessionOn([LIKED, NOPED]);
  page.comingNext = [pagePhotos(NOPED.photos)];
  ahead.mockImplementation(async () => verdictOf([{ url: 'nope' }, { missing: 'page' }]));
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(score.mock.calls.map(([photos]) => photos)).toEqual([pagePhotos(LIKED.photos), pagePhotos(NOPED.photos)]);
  expect(page.pressed).toEqual(['right liked', 'left noped']);
});

it('leaves no card to the person for photos that could not come because the browser was offline', async () => {
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

it('says that the browser is offline rather than that the server is away', async () => {
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

it('does not swipe again in the next session what the last one had pressed for and could not confirm', async () => {
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

it('looks at a card again that shows more photos than its verdict knows, before it goes left', async () => {
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

it('looks at the next card at once when the person swipes while the server is asked', async () => {
  const { page, clock, score, reason } = sessionOn([NOPED, LIKED]);
  score.mockImplementationOnce(() => {
    page.next();
    return new Promise(() => {}); // this one never comes
  });
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(page.pressed).toEqual(['right liked']);
  expect(score.mock.calls[0]?.[1].aborted).toBe(true);
});

it('closes a dialog that comes back a few times, and then leaves it to the person', async () => {
  const { page, clock, reason } = sessionOn([LIKED, NOPED]);
  page.onPress = () => {
    page.dialog = { name: 'match', harmless: true, comesBack: true };
    page.onPress = () => {};
  };
  await clock.runUntil(() => reason() === 'dialog_unknown');
  expect(page.pressed).toEqual(['right liked', ...new Array(5).fill('dismiss')]);
});
