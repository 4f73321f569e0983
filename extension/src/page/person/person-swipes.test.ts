// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeDeck } from '../../../../test/support/fake-deck.ts';
import { PageClock } from '../../../../test/support/page-clock.ts';
import type { Answer, Request, Verdict } from '../../messages.ts';
import { ProfileWatcher } from '../profiles/profile-watcher.ts';
import { PersonSwipes, type PersonSwipesParts, type ShownSwipe, SwipeMemory } from './person-swipes.ts';

const VERDICT = {
  photos: [{ like: 0.3, label: 'NOPE' }, { missing: 'video' }],
  decision: { swipe: 'left', reason: 'profile_not_liked', like: 0.3, photo: 0 },
  threshold: 0.4,
  model: 'taste-0001-int8',
  scoreId: 'a-score',
} as unknown as Verdict;
const QUEUED = { queued: true } as Answer<'label'>;

let over: AbortController;
beforeEach(() => {
  document.body.innerHTML = '';
  over = new AbortController();
});
afterEach(() => over.abort());

const settled = async () => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

function setUp({ failures = 0 } = {}) {
  const deck = new FakeDeck(
    document,
    ['a', 'b', 'c'].map((key) => ({ key, photos: ['1'] })),
  );
  const sent: (Request<'label'> | string)[] = [];
  const shown: ShownSwipe[] = [];
  const world = { mayLearn: true, readsWords: false, failures };
  const attempt = <Given>(what: Request<'label'> | string, answer: Given) => {
    world.failures -= 1;
    if (world.failures >= 0) return Promise.reject(new Error('the worker died'));
    sent.push(what);
    return Promise.resolve(answer);
  };
  const clock = new PageClock();
  const parts = {
    ...{ page: deck, watcher: new ProfileWatcher(document, over.signal), clock, site: 'demo', name: 'page' },
    memory: new SwipeMemory(),
    mayLearn: () => world.mayLearn,
    readsWords: () => world.readsWords,
    label: (label: Request<'label'>) => attempt(label, QUEUED),
    unlabel: (id: string) => attempt(id, null),
    show: (swipe: ShownSwipe) => void shown.push(swipe),
  } satisfies PersonSwipesParts;
  const swipes = new PersonSwipes(parts, over.signal);
  const top = () => deck.activeProfile()!;
  /** The person swipes the card on top, and the page confirms it. */
  const swipe = async (direction: 'right' | 'left', state: 'answered' | 'failed' | 'expected' = 'answered') => {
    const profile = top();
    deck.callFor = profile.key;
    deck.call = state === 'expected' ? { state } : { state, swipe: direction };
    deck.next();
    await settled();
    deck.call = undefined;
  };
  return { deck, swipes, swipe, top, sent, shown, world, clock, parts };
}

describe('a swipe of the person', () => {
  it('becomes a label once the page confirms it, with what was decided behind a hidden verdict', async () => {
    const { swipes, swipe, top, sent, shown } = setUp();
    swipes.watch(top());
    swipes.decided(top(), { verdict: VERDICT }, false);
    await settled();
    expect(sent).toEqual([]);
    await swipe('right');
    const label = {
      ...{ kind: 'label', id: 'page/label-1', site: 'demo', profile: 'id of a', swipe: 'right', scoreId: 'a-score' },
      ...{ photoCount: 1, decision: 'left', probability: 0.3, threshold: 0.4, verdict: 'hidden' },
    };
    expect(sent).toEqual([expect.objectContaining(label)]);
    expect(shown).toEqual([{ swipe: 'right', verdict: VERDICT, answer: QUEUED }]);
  });

  it('says that words joined the decision, and carries the bio of then only if the person wants that', async () => {
    const { swipes, swipe, top, sent, world, deck } = setUp();
    const words = { photos: 0.3, reasons: [{ word: 'tea', weight: 0.8 }] };
    const { key } = top();
    deck.facts.set(key, { bio: 'Tea and maps.' });
    world.readsWords = true;
    swipes.watch(top());
    swipes.decided(top(), { verdict: { ...VERDICT, words } }, false);
    deck.facts.clear();
    await swipe('right');
    world.readsWords = false;
    swipes.watch(top());
    swipes.decided(top(), { verdict: VERDICT }, false);
    await swipe('left');
    expect(sent).toMatchObject([
      { decidedBy: 'words', bio: 'Tea and maps.', judged: { words } },
      { decidedBy: 'network' },
    ]);
    expect(sent[1]).not.toHaveProperty('bio');
  });

  it('says so if the person saw the verdict at any time, or if there was none', async () => {
    const { swipes, swipe, top, sent } = setUp();
    swipes.watch(top());
    swipes.decided(top(), { verdict: VERDICT }, false);
    swipes.shown(top());
    await swipe('left');
    swipes.watch(top());
    await swipe('right');
    expect(sent).toMatchObject([{ verdict: 'shown' }, { verdict: 'none' }]);
    expect(sent[1]).not.toHaveProperty('decision');
  });

  it.each([
    ['that the page refused', 'failed'],
    ['that the page never confirmed, such as a Super Like', 'expected'],
  ] as const)('%s is no label', async (_what, state) => {
    const { swipes, swipe, top, sent, clock, deck } = setUp();
    swipes.watch(top());
    await swipe('right', state);
    clock.advance(16_000);
    deck.call = { state: 'answered', swipe: 'right' }; // too late to be about it
    deck.changed();
    await settled();
    expect(sent).toEqual([]);
  });

  it('is not theirs if Swipenet swiped the card', async () => {
    const { swipes, swipe, top, sent } = setUp();
    swipes.watch(top());
    swipes.forget(top());
    await swipe('right');
    expect(sent).toEqual([]);
  });

  it('is reported for the history if nothing may be learned, and then nothing is said about it', async () => {
    const { swipes, swipe, top, sent, shown, world } = setUp();
    world.mayLearn = false;
    swipes.watch(top());
    swipes.decided(top(), { verdict: VERDICT }, true);
    await swipe('right');
    expect(sent).toMatchObject([{ swipe: 'right', judged: VERDICT }]);
    expect(shown).toEqual([]);
  });

  it('is reported without an ID if the page doesn’t reveal it', async () => {
    const { swipes, swipe, top, sent, shown, deck } = setUp();
    deck.profileId = () => undefined as never;
    swipes.watch(top());
    await swipe('left');
    expect(sent).toHaveLength(1);
    expect(sent[0]).not.toHaveProperty('profile');
    expect(shown).toEqual([]);
  });

  it('is sent again, under the same ID, until the worker answers', async () => {
    const { swipes, swipe, top, sent, clock } = setUp({ failures: 3 });
    swipes.watch(top());
    await swipe('right');
    for (let waited = 0; waited < 10; waited += 1) {
      clock.advance(5_000);
      await settled();
    }
    expect(sent).toMatchObject([{ id: 'page/label-1' }]);
  });

  it('counts once if the card is looked at again, however long it stays', async () => {
    const { swipes, swipe, top, sent, clock, deck } = setUp();
    swipes.watch(top());
    clock.advance(60_000);
    deck.changed();
    swipes.watch(top());
    await swipe('right');
    expect(sent).toHaveLength(1);
  });
});

it('watches on if the page refused a swipe and kept its card', async () => {
  const { swipes, swipe, top, sent, deck } = setUp();
  swipes.watch(top());
  deck.call = { state: 'failed', swipe: 'right' };
  deck.changed();
  await settled();
  await swipe('left');
  expect(sent).toMatchObject([{ swipe: 'left' }]);
});

describe('a profile that comes back', () => {
  it('is labeled by the next swipe only, if the page confirms the one before after that', async () => {
    const { swipes, swipe, top, sent, deck } = setUp();
    swipes.watch(top());
    deck.callFor = 'a';
    deck.call = { state: 'sent', swipe: 'right' };
    deck.next();
    await settled();
    deck.back();
    await settled();
    Object.assign(deck.call, { state: 'answered' });
    deck.changed();
    await settled();
    expect(sent).toEqual([]);
    await swipe('left');
    expect(sent).toMatchObject([{ swipe: 'left' }]);
  });

  it('takes its label back before another card was on top', async () => {
    const { swipes, swipe, top, sent, deck } = setUp();
    swipes.watch(top());
    deck.call = { state: 'sent', swipe: 'right' };
    deck.isBetween = true;
    deck.changed();
    await settled();
    deck.call = { state: 'answered', swipe: 'right' };
    deck.changed();
    await settled();
    deck.isBetween = false;
    deck.changed();
    await settled();
    expect(sent).toMatchObject([{ kind: 'label' }, 'page/label-1']);
    await swipe('left');
    expect(sent).toHaveLength(3);
  });

  it('takes its label back also while a dialog keeps the session from the card after it', async () => {
    const { swipes, swipe, top, sent, deck } = setUp();
    swipes.watch(top());
    await swipe('right');
    deck.back();
    await settled();
    expect(sent).toMatchObject([{ kind: 'label' }, 'page/label-1']);
  });

  it('takes its label back also if whose card it is becomes known only later', async () => {
    const { swipes, swipe, top, sent, deck } = setUp();
    swipes.watch(top());
    await swipe('right');
    deck.profiles.push({ key: 'a made anew', photos: ['1'] });
    deck.ids.set('a made anew', undefined);
    deck.at('a made anew');
    await settled();
    expect(sent).toHaveLength(1);
    deck.ids.set('a made anew', 'id of a');
    deck.changed();
    await settled();
    expect(sent).toMatchObject([{ kind: 'label' }, 'page/label-1']);
    await swipe('left');
    expect(sent).toMatchObject([{ kind: 'label' }, 'page/label-1', { profile: 'id of a', swipe: 'left' }]);
  });

  it('isn’t labeled again before the worker knows that its label was taken back', async () => {
    const { swipes, swipe, top, sent, deck, world, clock } = setUp();
    swipes.watch(top());
    await swipe('right');
    world.failures = 1;
    deck.back();
    await settled();
    await swipe('left');
    expect(sent).toHaveLength(1);
    clock.advance(200);
    await settled();
    expect(sent).toMatchObject([{ swipe: 'right' }, 'page/label-1', { swipe: 'left' }]);
  });

  it('takes its label back in a later session, too', async () => {
    const { swipes, swipe, top, sent, deck, parts } = setUp();
    swipes.watch(top());
    await swipe('right');
    over.abort();
    deck.back();
    over = new AbortController();
    new PersonSwipes({ ...parts, watcher: new ProfileWatcher(document, over.signal) }, over.signal).watch(top());
    await settled();
    expect(sent).toMatchObject([{ kind: 'label' }, 'page/label-1']);
  });

  it('doesn’t count as hidden once the person was told what Swipenet would have done', async () => {
    const { swipes, swipe, top, sent, deck } = setUp();
    swipes.watch(top());
    swipes.decided(top(), { verdict: VERDICT }, false);
    await swipe('right');
    deck.back();
    await settled();
    swipes.decided(top(), { verdict: VERDICT }, false);
    await swipe('left');
    expect(sent).toMatchObject([{ verdict: 'hidden' }, 'page/label-1', { verdict: 'shown' }]);
  });

  it('takes its label back, once', async () => {
    const { swipes, swipe, top, sent, deck } = setUp();
    swipes.watch(top());
    await swipe('right');
    swipes.watch(top()); // the next card
    deck.back();
    swipes.watch(top());
    await settled();
    expect(sent).toMatchObject([{ kind: 'label' }, 'page/label-1']);
    await swipe('left');
    expect(sent).toMatchObject([{ kind: 'label' }, 'page/label-1', { id: 'page/label-2', swipe: 'left' }]);
  });

  it('keeps it if the card was only slow to leave', async () => {
    const { swipes, top, sent, deck } = setUp();
    swipes.watch(top());
    deck.call = { state: 'answered', swipe: 'right' };
    deck.changed();
    await settled();
    swipes.watch(top()); // still the same card
    await settled();
    expect(sent).toHaveLength(1);
  });
});

describe('a swipe of Swipenet’s own', () => {
  const NOTHING = {};
  /** Swipenet swipes the card on top, and the next one comes. */
  const swipeByUs = async ({ deck, swipes, top }: ReturnType<typeof setUp>) => {
    swipes.watch(top());
    swipes.forget(top());
    swipes.swipedByUs(top(), NOTHING, 'left');
    deck.next();
    swipes.watch(top());
    await settled();
  };

  it('is taken back when its profile is the last one swiped and comes back, one after the other', async () => {
    const setup = setUp();
    await swipeByUs(setup);
    await swipeByUs(setup);
    const { deck, swipes, top, sent } = setup;
    for (const key of ['b', 'a']) {
      deck.back();
      expect(top().key).toBe(key);
      swipes.watch(top());
      await settled();
    }
    expect(sent).toMatchObject([{ own: true }, { own: true }, 'page/label-2', 'page/label-1']);
  });

  it('stays when the site shows its profile once more', async () => {
    const setup = setUp();
    await swipeByUs(setup);
    await swipeByUs(setup);
    const { deck, swipes, top, sent } = setup;
    deck.back();
    deck.back();
    swipes.watch(top());
    await settled();
    expect(sent).toHaveLength(2);
  });
});
