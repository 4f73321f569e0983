// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { FakeDeck } from '../../../test/support/fake-deck.ts';
import { PageClock } from '../../../test/support/page-clock.ts';
import type { ActiveProfile } from '../sites/site-adapter.ts';
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
  const swiper = new AutoSwiper({ document, clock, onPersonAct, lifetime: never });
  const swipe = (profile: ActiveProfile = page.activeProfile()!) => swiper.swipe(page, profile, 'right');
  return { page, clock, swiper, swipe, act: () => act() };
}

it('counts a swipe once another card is on top, and at the deck’s end', async () => {
  const { page, swipe } = deckOf();
  expect(await swipe()).toBe('swiped');
  expect(await swipe()).toBe('swiped');
  expect(page.pressed).toEqual(['right a', 'right b']);
});

it('stops when the page does not take the click, and presses no second time', async () => {
  const { page, clock, swipe } = deckOf();
  page.button = 'dead';
  const outcome = swipe();
  clock.advance(3_900);
  page.changed(); // the page renders something else meanwhile
  clock.advance(100);
  expect(await outcome).toEqual({ stop: 'swipe_unverified' });
  expect(page.pressed).toEqual(['right a']);
});

it('refuses what could cost money', async () => {
  const { page, swipe } = deckOf();
  page.button = 'paid';
  expect(await swipe()).toEqual({ stop: 'paid_control' });
  expect(page.pressed).toEqual([]);
});

it('says so when there is no button', async () => {
  const { page, swipe } = deckOf();
  page.button = 'none';
  expect(await swipe()).toEqual({ stop: 'control_missing' });
});

it('presses nothing for a card that is gone, or under a dialog', async () => {
  const { page, swipe } = deckOf();
  const first = page.activeProfile()!;
  page.next();
  expect(await swipe(first)).toBe('gone');
  page.dialog = { name: 'match', harmless: true };
  expect(await swipe()).toBe('gone');
  expect(page.pressed).toEqual([]);
});

it('counts the last swipe also under a dialog that comes with it', async () => {
  const { page, swipe } = deckOf();
  page.next();
  page.onPress = () => {
    page.dialog = { name: 'match', harmless: true };
  };
  expect(await swipe()).toBe('swiped');
});

it('does not count a card that goes by the person’s hand after a click that did nothing', async () => {
  const { page, swipe, act } = deckOf();
  page.button = 'dead';
  const outcome = swipe();
  act();
  page.next();
  expect(await outcome).toEqual({ stop: 'person_acted' });
});

it('takes no card at all for a re-render, not for a swipe', async () => {
  const { page, clock, swipe } = deckOf();
  page.button = 'dead';
  const top = page.activeProfile.bind(page);
  const outcome = swipe();
  page.activeProfile = () => undefined;
  page.ended = () => false;
  page.changed();
  await new Promise((resolve) => setImmediate(resolve));
  page.activeProfile = top;
  clock.advance(4_000);
  expect(await outcome).toEqual({ stop: 'swipe_unverified' });
});

it('is settled only when its click was confirmed or given up', async () => {
  const { page, clock, swiper, swipe } = deckOf();
  await swiper.settled();
  page.button = 'dead';
  void swipe();
  let settled = false;
  const settling = swiper.settled().then(() => {
    settled = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(settled).toBe(false);
  clock.advance(4_000);
  await settling;
});
