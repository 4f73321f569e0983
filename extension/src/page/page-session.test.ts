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

describe('on a page that does not prove itself', () => {
  it.each(['surface_ambiguous', 'control_missing', 'control_ambiguous', 'card_unproven'] as const)(
    'stops at %s, asks for no permit, and presses nothing',
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
    'says that it is %s, and continues by itself once it is no more',
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

  it('makes no news of what passes in a moment', async () => {
    const { page, clock, reason, statuses } = sessionOn([LIKED]);
    page.unproven = 'covered';
    await clock.runUntil(() => clock.now() >= 2_000);
    page.unproven = undefined;
    await clock.runUntil(() => reason() === 'deck_ended');
    expect(statuses.map((status) => status.reason)).not.toContain('covered');
    expect(page.pressed).toEqual(['right liked']);
  });

  it('presses nothing when that is so only after the permit, and gives the permit back', async () => {
    const { page, clock, permit, released, reason } = sessionOn([LIKED]);
    permit.mockImplementationOnce(async () => {
      page.unproven = 'control_ambiguous';
      return { permitted: true };
    });
    await clock.runUntil(() => reason() === 'control_ambiguous');
    expect(page.pressed).toEqual([]);
    expect(released).toEqual(['page/swipe-1']);
  });

  it('stops where the proof fails again and again under a permit', async () => {
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

describe('a profile that is hidden', () => {
  it('is not read until it can be seen, and that is said after a moment', async () => {
    const { page, clock, reason } = sessionOn([LIKED]);
    page.hidden = 'covered';
    await clock.runUntil(() => reason() === 'covered');
    expect([page.reads, clock.now() >= 2_000]).toEqual([0, true]);
    page.hidden = undefined;
    await clock.runUntil(() => reason() === 'deck_ended');
    expect(page.pressed).toEqual(['right liked']);
  });

  it('is told from another one before anything is read', async () => {
    const { page, clock, reason, status } = sessionOn([LIKED]);
    const view = page.view.bind(page);
    page.view = () => ({ kind: 'unproven', reason: 'surface_ambiguous' });
    await clock.runUntil(() => reason() === 'surface_ambiguous');
    expect([page.reads, status.stopped?.reason]).toEqual([0, 'surface_ambiguous']);
    page.view = view;
  });
});

describe('a card that is left to the person', () => {
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
  ])('is so by name: %s', async (why, photos) => {
    const { page, clock, score, reason, counted, session } = sessionOn([NOPED, LIKED]);
    score.mockResolvedValue(verdict(...photos));
    await clock.runUntil(() => reason() === why);
    expect([page.pressed, counted]).toEqual([[], ['seen', 'held']]);
    score.mockImplementation(async (read) => verdictOf(read));
    session.personActed();
    page.next(); // the person swipes it, and that is their word to continue
    await clock.runUntil(() => reason() === 'deck_ended');
    expect(page.pressed).toEqual(['right liked']);
  });

  it('is so where its photo count is not sure, for the left alone', async () => {
    const { page, clock, reason } = sessionOn([LIKED, NOPED]);
    page.photoCount = () => undefined;
    await clock.runUntil(() => reason() === 'photo_count_unsure');
    expect(page.pressed).toEqual(['right liked']);
  });

  it('is judged again when the page’s data of it comes, and swiped', async () => {
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

  it('is not judged again for data that it had', async () => {
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

it('scores a profile again that shows more photos than its verdict knows, also where the person swipes', async () => {
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

it('judges a card a few times at most, and goes left on none of it', async () => {
  const { page, clock, score, reason } = sessionOn([NOPED]);
  let count = 2;
  page.photoCount = () => {
    count += 1; // the page says another number each time
    return count;
  };
  await clock.runUntil(() => reason() === 'photo_count_unsure');
  expect(score.mock.calls.length).toBe(4);
  expect(page.pressed).toEqual([]);
});

describe('a page whose photos do not come', () => {
  /** Reads as the carousel does: each photo is waited for, for 10 seconds, until the card's time is over. */
  const readSlowly = (page: FakeDeck, comes: (photo: string | null) => boolean) => {
    page.readPhotos = async ({ key }, { deadline, late }) => {
      const read: PagePhoto[] = [];
      for (const photo of page.profiles.find((profile) => profile.key === key)!.photos) {
        const over = AbortSignal.any([deadline(10_000), late]);
        if (!comes(photo) && !over.aborted) {
          await new Promise((settled) => over.addEventListener('abort', settled, { once: true }));
        }
        read.push(photo !== null && comes(photo) ? { url: photo } : { missing: 'page' });
      }
      return read;
    };
  };

  it('is one that has changed, after half a minute', async () => {
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

  it('is held within half a minute where one of eight does not come', async () => {
    const seven: FakeProfile = { key: 'seven', photos: [...new Array(7).fill('nope'), null] };
    const { page, clock, reason } = sessionOn([seven]);
    readSlowly(page, (photo) => photo !== null);
    await clock.runUntil(() => reason() === 'hold');
    expect(clock.now()).toBeLessThan(32_000);
    expect(page.pressed).toEqual([]);
  });

  it('does not count the time for which the person had it', async () => {
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
