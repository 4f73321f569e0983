// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from 'vitest';
import { endSession, LIKED, NOPED, sessionOn } from '../../../../test/support/page-session.ts';
import { DEFAULT_RULES, type Rules } from '../../rules/rules.ts';

afterEach(() => endSession());

const NEAR: Rules = {
  ...DEFAULT_RULES,
  holdsSeen: false,
  maxDistance: { on: true, value: 30, action: 'left', unknown: 'hold' },
};
const FAR = { distanceKm: 52, photoCount: 2 };
const HERE = { distanceKm: 5, photoCount: 2 };

/** A session under the rule that nobody is more than 30 km away. */
function underRule(profiles = [LIKED, NOPED], rules = NEAR) {
  const running = sessionOn(profiles);
  running.ruled.rules = rules;
  return running;
}

describe('a rule', () => {
  it('swipes left without scoring, and names itself in the overlay and the history', async () => {
    const { page, clock, reason, score, early, labels, counted } = underRule();
    page.facts.set('liked', FAR).set('noped', HERE);
    await clock.runUntil(() => reason() === 'deck_ended');
    expect(page.pressed).toEqual(['left liked', 'left noped']);
    expect(score).toHaveBeenCalledTimes(1);
    expect(early).toEqual(['ruled_left rule_maxDistance 52 km 30 km']);
    expect(counted).toEqual(['left', 'seen', 'left']);
    expect(labels[0]).toMatchObject({
      ...{ own: true, swipe: 'left', decision: 'left', decidedBy: 'rule', verdict: 'shown' },
      ruling: { rule: 'maxDistance', swipe: 'left', values: ['52 km', '30 km'] },
    });
    expect(labels[0]).not.toHaveProperty('judged');
    expect(labels[1]).toMatchObject({ own: true, decidedBy: 'network' });
  });

  it('leaves a profile to the person without scoring it, if it says so', async () => {
    const { page, clock, reason, score, statuses, counted } = underRule([LIKED, NOPED], {
      ...NEAR,
      maxDistance: { ...NEAR.maxDistance, action: 'hold' },
    });
    page.facts.set('liked', FAR).set('noped', HERE);
    await clock.runUntil(() => reason() === 'rule_hold');
    expect(statuses.at(-1)?.detail).toBe('ruled_hold rule_maxDistance 52 km 30 km');
    expect([score.mock.calls.length, counted]).toEqual([0, ['held']]);
    page.next();
    await clock.runUntil(() => reason() === 'deck_ended');
    expect(page.pressed).toEqual(['left noped']);
  });

  it('holds what the page doesn’t show until the page shows it', async () => {
    const { page, clock, reason } = underRule();
    page.facts.set('noped', HERE);
    await clock.runUntil(() => reason() === 'rule_hold');
    expect(page.pressed).toEqual([]);
    page.facts.set('liked', HERE);
    page.news();
    await clock.runUntil(() => reason() === 'deck_ended');
    expect(page.pressed).toEqual(['right liked', 'left noped']);
  });

  it('stops a swipe that waits for a permit, once the page says more', async () => {
    const { page, clock, reason, permit } = underRule([LIKED], {
      ...NEAR,
      maxDistance: { ...NEAR.maxDistance, unknown: 'ignore' },
    });
    permit.mockImplementationOnce(async () => {
      page.facts.set('liked', FAR);
      return { permitted: true };
    });
    await clock.runUntil(() => reason() === 'deck_ended');
    expect(page.pressed).toEqual(['left liked']);
  });

  it('needs no certain photo count for its left swipe', async () => {
    const { page, clock, reason } = underRule([{ key: 'partial', photos: ['nope', null] }]);
    page.facts.set('partial', FAR);
    page.photoCount = () => undefined;
    await clock.runUntil(() => reason() === 'deck_ended');
    expect(page.pressed).toEqual(['left partial']);
  });

  it('is shown in Learn and Show without a swipe, and marks the person’s own', async () => {
    const { page, clock, control, early, labels, score } = underRule();
    control.mode = 'learn';
    page.facts.set('liked', FAR).set('noped', FAR);
    await clock.runUntil(() => early.length === 1);
    page.call = { state: 'answered', swipe: 'right' };
    page.callFor = 'liked';
    page.next();
    await clock.runUntil(() => labels.length === 1);
    expect(labels[0]).toMatchObject({ swipe: 'right', decision: 'left', decidedBy: 'rule', verdict: 'shown' });
    expect(labels[0]).not.toHaveProperty('own');
    expect([score.mock.calls.length, page.pressed]).toEqual([0, []]);
  });

  it('keeps the next profiles that it decides from being scored ahead', async () => {
    const { page, clock, ahead } = underRule([{ key: 'top', photos: ['like'] }, LIKED, NOPED]);
    page.facts.set('top', HERE);
    page.upcoming = () => [
      { id: 'b', photos: [{ url: 'b' }], facts: [FAR] },
      { id: 'c', photos: [{ url: 'c' }], facts: [HERE, FAR] },
      { id: 'd', photos: [{ url: 'd' }], facts: [HERE] },
    ];
    await clock.runUntil(() => ahead.mock.calls.length > 0);
    expect(ahead.mock.calls.map(([photos]) => photos)).toEqual([[{ url: 'd' }]]);
  });
});

describe('a profile that was swiped before', () => {
  const SEEN = { by: 'you', swipe: 'left', atMs: Date.UTC(2026, 10, 3, 12) } as const;
  const seenBefore = () => underRule([LIKED, NOPED], { ...DEFAULT_RULES, holdsSeen: true });

  it('is held without being scored, with the earlier swipe', async () => {
    const { page, clock, reason, score, early, earlier } = seenBefore();
    earlier.mockImplementation(async (id) => (id === 'id of liked' ? SEEN : null));
    await clock.runUntil(() => reason() === 'seen_before');
    expect(early).toEqual([expect.stringMatching(/^seen_before_you swipe_left .*2026/)]);
    expect(score).not.toHaveBeenCalled();
    page.next();
    await clock.runUntil(() => reason() === 'deck_ended');
    expect(page.pressed).toEqual(['left noped']);
  });

  it('isn’t swiped left by a rule either', async () => {
    const { page, clock, reason, earlier, ruled } = seenBefore();
    ruled.rules = { ...NEAR, holdsSeen: true };
    page.facts.set('liked', FAR);
    earlier.mockResolvedValueOnce(SEEN);
    await clock.runUntil(() => reason() === 'seen_before');
    expect(page.pressed).toEqual([]);
  });

  it('is looked up again after the worker died', async () => {
    const { clock, reason, earlier } = seenBefore();
    earlier.mockRejectedValueOnce(new Error('the worker died')).mockResolvedValueOnce(SEEN);
    await clock.runUntil(() => reason() === 'seen_before');
  });

  it('isn’t held while that is turned off', async () => {
    const { page, clock, reason, earlier, ruled } = seenBefore();
    ruled.rules = { ...DEFAULT_RULES, holdsSeen: false };
    await clock.runUntil(() => reason() === 'deck_ended');
    expect([page.pressed.length, earlier.mock.calls.length]).toEqual([2, 0]);
  });

  it('isn’t scored ahead', async () => {
    const { page, clock, ahead, earlier } = seenBefore();
    page.upcoming = () => ['b', 'c'].map((id) => ({ id, photos: [{ url: id }], facts: [] }));
    earlier.mockImplementation(async (id) => (id === 'b' ? SEEN : null));
    await clock.runUntil(() => ahead.mock.calls.length > 0);
    expect(ahead.mock.calls.map(([photos]) => photos)).toEqual([[{ url: 'c' }]]);
  });
});
