// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type FakeProfile, pagePhotos } from '../../../../test/support/fake-deck.ts';
import { endSession, LIKED, NOPED, PARTIAL, sessionOn, verdictOf } from '../../../../test/support/page-session.ts';

afterEach(() => endSession());
vi.spyOn(console, 'warn').mockImplementation(() => {});

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

it('reads on at once after the person acts if the page’s data has all photos', async () => {
  const { page, clock, control, session, counted } = sessionOn([NOPED]);
  control.mode = 'show';
  page.known = true;
  session.personActed();
  await clock.runUntil(() => counted.length === 1);
  expect(clock.now()).toBeLessThan(100);
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
  page.onPress = () => endSession('off');
  await clock.runUntil(() => counted.includes('right'));
  expect(page.pressed).toEqual(['right liked']);
});

it('asks for a permit before each swipe, and counts the swipe under that permit', async () => {
  const { clock, permit, ids, reason } = sessionOn([LIKED, NOPED]);
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(permit.mock.calls).toEqual([
    ['page/swipe-1', { swipe: 'right', model: 'm' }],
    ['page/swipe-2', { swipe: 'left', model: 'm' }],
  ]);
  expect(ids).toEqual(['page/swipe-1', 'page/swipe-2']);
});

it('judges a card anew, and what comes next, if the server has another model by the time it would swipe', async () => {
  const { page, clock, permit, released, score, ahead, reason } = sessionOn([LIKED, NOPED]);
  permit.mockResolvedValueOnce({ outdated: true });
  score.mockImplementation(async (photos) => {
    const verdict = verdictOf(photos);
    return score.mock.calls.length === 1 ? verdict : { ...verdict, model: 'new' };
  });
  ahead.mockImplementation(async (photos) => ({
    ...verdictOf(photos),
    model: score.mock.calls.length > 1 ? 'new' : 'm',
  }));
  await clock.runUntil(() => reason() === 'deck_ended');
  expect(permit.mock.calls.map(([, { model }]) => model)).toEqual(['m', 'new', 'new']);
  expect(released).toContain('page/swipe-1');
  expect(page.pressed).toEqual(['right liked', 'left noped']);
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
  endSession('an option was changed');
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
