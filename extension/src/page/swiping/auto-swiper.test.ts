// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { FakeDeck } from '../../../../test/support/fake-deck.ts';
import { PageClock } from '../../../../test/support/page-clock.ts';
import type { ActiveProfile } from '../../sites/site-adapter.ts';
import { AutoSwiper } from './auto-swiper.ts';

const never = new AbortController().signal;

function deckOf() {
  const page = new FakeDeck(document, [
    { key: 'a', photos: [] },
    { key: 'b', photos: [] },
  ]);
  const clock = new PageClock();
  let act = () => {};
  const onPersonAct = (_: Document, acted: () => void) => {
    act = acted;
  };
  const swiper = new AutoSwiper({ document, onPersonAct, lifetime: never });
  const swipe = (profile: ActiveProfile = page.activeProfile()!) =>
    swiper.swipe(page, profile, { swipe: 'right', scoredPhotos: 0 }, clock.deadline);
  return { page, clock, swiper, swipe, act: () => act() };
}

it('counts a swipe once another card is on top or the deck has ended', async () => {
  const { page, swipe } = deckOf();
  expect(await swipe()).toBe('swiped');
  expect(await swipe()).toBe('swiped');
  expect(page.pressed).toEqual(['right a', 'right b']);
});

it('stops when the page ignores the click, and doesn’t press again', async () => {
  const { page, clock, swipe } = deckOf();
  page.isDead = true;
  const outcome = swipe();
  clock.advance(9_900);
  page.changed(); // the page renders something else
  clock.advance(100);
  expect(await outcome).toEqual({ stop: 'swipe_unverified', pressed: true });
  expect(page.pressed).toEqual(['right a']);
});

it.each(['control_missing', 'control_ambiguous', 'covered', 'card_unproven'] as const)(
  'presses nothing on a page that doesn’t prove itself: %s',
  async (unproven) => {
    const { page, swipe } = deckOf();
    page.unproven = unproven;
    expect(await swipe()).toEqual({ stop: unproven, pressed: false });
    expect(page.pressed).toEqual([]);
  },
);

it('asks for the proof in the same tick as the press', async () => {
  const { page, swipe } = deckOf();
  let proven = 0;
  const prove = page.prove.bind(page);
  page.prove = (...asked) => {
    proven += 1;
    return prove(...asked);
  };
  const outcome = swipe();
  expect([proven, page.pressed]).toEqual([1, ['right a']]);
  await outcome;
});

it('presses nothing if the card is gone or a dialog is open', async () => {
  const { page, swipe } = deckOf();
  const first = page.activeProfile()!;
  page.next();
  expect(await swipe(first)).toBe('gone');
  page.dialog = { name: 'match', harmless: true };
  expect(await swipe()).toBe('gone');
  expect(page.pressed).toEqual([]);
});

it('counts the last swipe even if it opens a dialog', async () => {
  const { page, swipe } = deckOf();
  page.next();
  page.onPress = () => {
    page.dialog = { name: 'match', harmless: true };
  };
  expect(await swipe()).toBe('swiped');
});

it('doesn’t count a card that the person swipes after a click that did nothing', async () => {
  const { page, swipe, act } = deckOf();
  page.isDead = true;
  const outcome = swipe();
  act();
  page.next();
  expect(await outcome).toEqual({ stop: 'person_acted', pressed: true });
});

it('treats a missing card as a re-render, not as a swipe', async () => {
  const { page, clock, swipe } = deckOf();
  page.isDead = true;
  const top = page.activeProfile.bind(page);
  const outcome = swipe();
  page.activeProfile = () => undefined;
  page.ended = () => false;
  page.changed();
  await new Promise((resolve) => setImmediate(resolve));
  page.activeProfile = top;
  clock.advance(10_000);
  expect(await outcome).toEqual({ stop: 'swipe_unverified', pressed: true });
});

it('is settled only once its click is confirmed or times out', async () => {
  const { page, clock, swiper, swipe } = deckOf();
  await swiper.settled();
  page.isDead = true;
  void swipe();
  let settled = false;
  const settling = swiper.settled().then(() => {
    settled = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(settled).toBe(false);
  clock.advance(10_000);
  await settling;
});

describe('when the page’s own requests are observed', () => {
  it('counts a swipe only once its request is answered', async () => {
    const { page, swipe } = deckOf();
    page.call = { state: 'expected' };
    let outcome: unknown;
    void swipe().then((came) => (outcome = came));
    await settled();
    expect([page.activeProfile()?.key, outcome]).toEqual(['b', undefined]);
    page.call = { state: 'sent', swipe: 'right' };
    page.news();
    await settled();
    expect(outcome).toBeUndefined();
    page.call = { state: 'answered', swipe: 'right' };
    page.news();
    await settled();
    expect(outcome).toBe('swiped');
  });

  it('counts a swipe whose request was sent before the person acted', async () => {
    const { page, swipe, act } = deckOf();
    page.call = { state: 'expected' };
    page.onPress = () => {
      page.call = { state: 'sent', swipe: 'right' };
    };
    const outcome = swipe();
    act();
    page.call = { state: 'answered', swipe: 'right' };
    page.news();
    expect(await outcome).toBe('swiped');
  });

  it('counts the last card when only the answer shows that it is gone', async () => {
    const { page, swipe } = deckOf();
    page.next();
    page.call = { state: 'expected' };
    page.ended = () => false;
    const outcome = swipe();
    page.call = { state: 'answered', swipe: 'right' };
    page.news();
    expect(await outcome).toBe('swiped');
  });

  it('stops when the request fails, whatever the card does', async () => {
    const { page, swipe } = deckOf();
    page.call = { state: 'expected' };
    const outcome = swipe();
    page.call = { state: 'failed', swipe: 'right' };
    page.news();
    expect(await outcome).toEqual({ stop: 'swipe_failed', pressed: true });
  });

  it('ignores an earlier answer and an answer to the opposite swipe', async () => {
    const { page, clock, swipe } = deckOf();
    page.call = { state: 'answered', swipe: 'right' }; // answers the swipe before a rewind
    const outcome = swipe();
    await settled();
    clock.advance(10_000);
    expect(await outcome).toEqual({ stop: 'swipe_unverified', pressed: true });
    const second = swipe();
    page.call = { state: 'answered', swipe: 'left' };
    page.news();
    expect(await second).toEqual({ stop: 'swipe_unverified', pressed: true });
  });
});

it('reports what covered the page instead of the next card', async () => {
  const { page, clock, swipe } = deckOf();
  page.isDead = true;
  page.onPress = () => {
    page.obstacle = 'out_of_likes';
  };
  const outcome = swipe();
  await settled();
  clock.advance(10_000);
  expect(await outcome).toEqual({ stop: 'out_of_likes', pressed: true });
});

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
