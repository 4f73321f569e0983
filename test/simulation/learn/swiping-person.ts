import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { withTwin } from '../../twins/tinder/twin-handle.ts';
import type { Person } from '../person.ts';
import type { Glance, Habit } from './habits.ts';

const BUTTON = {
  like: '[class*=gamepad-sparks-like-default]',
  nope: '[class*=gamepad-sparks-nope-default]',
  'super-like': '[class*=gamepad-sparks-super-like-default]',
  boost: '[class*=gamepad-sparks-boost-default]',
  rewind: '[class*=gamepad-sparks-rewind-default]',
} as const;

const KEY = { like: 'ArrowRight', nope: 'ArrowLeft', 'super-like': 'Enter', rewind: 'Backspace' } as const;

/** Somebody who swipes a deck by hand, with the habits that they have. */
export class SwipingPerson {
  readonly #page: Page;
  readonly #hands: Person;
  readonly #habitOf: (step: number, visit: number) => Habit;
  /** How often each profile was swiped. */
  readonly #visits = new Map<number, number>();
  /** What the person did, by name. */
  readonly did: Record<string, number> = {};

  constructor(page: Page, hands: Person, habitOf: (step: number, visit: number) => Habit) {
    this.#page = page;
    this.#hands = hands;
    this.#habitOf = habitOf;
  }

  /** Swipes one card after the other until `isOver`. */
  async play(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      // A page that is being loaded has no cards.
      const swiped = await this.#swipeOne(isOver).catch(() => false);
      if (!swiped) await delay(20);
    }
  }

  /** Returns false if there is no card to swipe. */
  async #swipeOne(isOver: () => boolean): Promise<boolean> {
    const step = await this.#onTop();
    if (step === undefined) return false;
    const visit = this.#visits.get(step) ?? 0;
    const habit = this.#habitOf(step, visit);
    await delay(habit.lookMs);
    for (const glance of habit.glances) {
      await this.#do(glance, () => this.#glance(glance));
      await delay(habit.glanceMs);
    }
    if ((await this.#onTop()) !== step) return true; // somebody else's hand was quicker
    this.#visits.set(step, visit + 1);
    await this.#do(`${habit.swipe} by ${habit.by}`, () => this.#press(habit.swipe, habit.by));
    for (let rewind = 0; rewind < habit.rewinds && !isOver(); rewind += 1) {
      await delay(habit.rewindMs);
      await this.#do(`rewind by ${habit.rewindBy}`, () => this.#press('rewind', habit.rewindBy));
    }
    return true;
  }

  /** Dismisses dialogs that cover the deck, then returns the position of the top card. */
  async #onTop(): Promise<number | undefined> {
    return await this.#hands.act(async () => {
      await this.#hands.clear();
      return await withTwin(this.#page, (twin) => twin.active()?.index);
    });
  }

  async #do(name: string, what: () => Promise<void>): Promise<void> {
    this.did[name] = (this.did[name] ?? 0) + 1;
    await this.#hands.act(what);
  }

  async #glance(glance: Glance): Promise<void> {
    if (glance === 'tab') await this.#hands.clickTab();
    else if (glance === 'space') await this.#hands.pressSpace();
    else if (glance === 'open') await this.#hands.open();
    else if (glance === 'boost') await this.#hands.click(BUTTON.boost);
    // Where Rewind works, it isn't an offer but a rewind.
    else if (!(await withTwin(this.#page, (twin) => twin.options.rewinds))) await this.#press('rewind', 'click');
  }

  async #press(what: keyof typeof KEY, by: Habit['by']): Promise<void> {
    if (by === 'click') await this.#hands.click(BUTTON[what]);
    else await this.#page.keyboard.press(KEY[what]);
  }
}
