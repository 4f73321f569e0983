import { between, pick, type Random } from '@swipenet/shared/random.ts';
import type { Page } from 'playwright-core';
import { needsPerson, REASON_CODES } from '../../extension/src/reasons.ts';
import { withTwin } from '../twins/tinder/twin-handle.ts';
import type { ExtensionView } from './extension-view.ts';

/** Reasons after which only a person can let it go on; what a limit stopped stays stopped. */
const STOPS = REASON_CODES.filter((reason) => needsPerson(reason) && !reason.startsWith('limit_')) as string[];

/** Reasons for which a card is left to the person, who swipes it, or resumes and looks at it once more. */
const HOLDS = ['hold', 'rule_hold', 'seen_before'];

/** What holds the photos on top: the card, or the open profile in its place. */
const SURFACE = ':is([data-keyboard-gamepad="true"][aria-hidden="false"], .profileCard__card)';

const BUTTON = {
  like: '[class*=gamepad-sparks-like-default]',
  nope: '[class*=gamepad-sparks-nope-default]',
} as const;

/** Somebody before the screen: their clicks and keys are the browser's own, and they do one thing at a time. */
export class Person {
  readonly #page: Page;
  readonly #view: ExtensionView;
  readonly #random: Random;
  /** Stops that were dealt with, by reason. */
  readonly stops: Record<string, number> = {};
  #hands: Promise<unknown> = Promise.resolve();

  constructor(page: Page, view: ExtensionView, random: Random) {
    this.#page = page;
    this.#view = view;
    this.#random = random;
  }

  /** Does something as soon as the hands are free. */
  act<Output>(what: () => Promise<Output>): Promise<Output> {
    const acting = this.#hands.then(what);
    this.#hands = acting.catch(() => undefined);
    return acting;
  }

  /** Looks after the extension until the signal aborts: deals with each stop, and with the consent layer, as it comes. */
  async attend(signal: AbortSignal): Promise<void> {
    let last: unknown;
    while (!signal.aborted) {
      const { status, statuses, mode } = this.#view;
      const reason = mode === 'swipe' ? status?.reason : undefined;
      const now = statuses.at(-1);
      if (reason && (STOPS.includes(reason) || reason === 'consent_layer')) {
        if (now !== last) this.stops[reason] = (this.stops[reason] ?? 0) + 1;
        await this.#pause(signal, between(this.#random, 5, 40));
        await this.act(() => this.#deal(reason));
        // The same stop again, if it is still there a moment later: a dialog may have come in between.
        await this.#change(signal, 300);
      } else {
        await this.#change(signal, 1_000);
      }
      last = now;
    }
  }

  /** Turns to a photo of the card by its tab. */
  clickTab(): Promise<void> {
    return this.click(`${SURFACE} [role=tab]:last-child`);
  }

  /** Opens the profile, or closes it, by the site's key. */
  async open(): Promise<void> {
    await this.#page.keyboard.press(this.#random() < 0.7 ? 'ArrowUp' : 'ArrowDown');
  }

  /** Turns to the next photo by the site's key. */
  async pressSpace(): Promise<void> {
    await this.#page.keyboard.press('Space');
  }

  /** Swipes the card, either way. */
  async swipe(by: 'click' | 'key'): Promise<void> {
    const kind = pick(this.#random, ['like', 'nope'] as const);
    if (by === 'click') await this.click(BUTTON[kind]);
    else await this.#page.keyboard.press(kind === 'like' ? 'ArrowRight' : 'ArrowLeft');
  }

  async #deal(reason: string): Promise<void> {
    await this.clear();
    const isHeld = HOLDS.includes(reason);
    const again = isHeld && this.#random() < 0.15;
    if (isHeld && !again) await this.swipe(this.#random() < 0.5 ? 'click' : 'key');
    else await this.#view.resume();
  }

  /** Dismisses a dialog that covers the deck with the button that costs nothing. */
  async clear(): Promise<void> {
    for (let tries = 0; tries < 4; tries += 1) {
      const shown = await withTwin(this.#page, (twin) => twin.shown());
      if (shown === undefined) return;
      if (shown === 'challenge') await withTwin(this.#page, (twin) => twin.uncover());
      else await this.click(shown === 'consent-layer' ? '.consent .choice' : '.veil .choice:not(.first)');
    }
  }

  /** Clicks in the middle of something that is there. */
  async click(selector: string): Promise<void> {
    const place = await this.#page.evaluate((wanted) => {
      const box = document.querySelector(wanted)?.getBoundingClientRect();
      return box && { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    }, selector);
    if (place) await this.#page.mouse.click(place.x, place.y);
  }

  #change(signal: AbortSignal, mostMs: number): Promise<void> {
    return new Promise((resolve) => {
      const over = () => {
        clearTimeout(timer);
        forget();
        signal.removeEventListener('abort', over);
        resolve();
      };
      const timer = setTimeout(over, mostMs);
      const forget = this.#view.onChange(over);
      signal.addEventListener('abort', over, { once: true });
      if (signal.aborted) over();
    });
  }

  #pause(signal: AbortSignal, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      const over = () => {
        clearTimeout(timer);
        resolve();
      };
      signal.addEventListener('abort', over, { once: true });
    });
  }
}
