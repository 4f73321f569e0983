import type { Clock } from '../../clock.ts';
import { endsWithCard, needsPerson, type Reason } from '../../reasons.ts';
import type { ActiveProfile, PageView, SitePage } from '../../sites/site-adapter.ts';
import type { SessionStatus } from '../session/session-status.ts';
import type { ProfileWatcher } from './profile-watcher.ts';

/** A dialog that is still there this long after it was dismissed isn't one we know. */
const DIALOG_MS = 5_000;

/** After this many dismissals without a profile in between, dismissing doesn't work. */
const MAX_DISMISSALS = 5;

/** If a page shows neither a card nor a reason for its absence for this long, the adapter doesn't understand it. */
const LOADING_MS = 30_000;

/** If a card is hidden or appears twice for less than this, it is just an animation. */
const UNPROVEN_MS = 2_000;

/** An animation can end without a DOM mutation, so look again after this long. */
const LOOK_AGAIN_MS = 250;

/** Thrown when the card that is being worked on is no longer on top. */
export class CardGone extends Error {
  override readonly name = 'CardGone';
}

/** What it takes to watch the top of a deck. */
export interface TopOfDeckParts {
  readonly page: SitePage;
  readonly watcher: ProfileWatcher;
  readonly status: SessionStatus;
  readonly clock: Clock;
  readonly maySwipe: () => boolean;
  /** True while the tab is hidden. */
  readonly isHidden: () => boolean;
  readonly isOffline: () => boolean;
}

/** Waits for an uncovered profile on top of the deck, and reports what it is waiting for. */
export class TopOfDeck {
  readonly #parts: TopOfDeckParts;
  readonly #signal: AbortSignal;
  /** When each dialog was dismissed. Once is enough, since a dialog may take a moment to fade. */
  #dismissedAtMs = new WeakMap<Element, number>();
  /** How many dialogs were dismissed since a profile was last on top. */
  #dismissals = 0;
  #loadingSinceMs: number | undefined;
  #unprovenSinceMs: number | undefined;
  #looksAgain = false;

  constructor(parts: TopOfDeckParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
  }

  /** Waits for the profile on top. While swiping, it closes dialogs that are known to be harmless. */
  profile(signal: AbortSignal): Promise<ActiveProfile> {
    const { page, watcher, status, isHidden, isOffline } = this.#parts;
    return watcher.until(() => {
      if (isHidden()) return status.wait('tab_hidden');
      if (isOffline()) return status.wait('offline');
      const view = page.view();
      if (view.kind !== 'loading') this.#loadingSinceMs = undefined;
      if (view.kind === 'profile') this.#dismissals = 0;
      if (view.kind !== 'dialog') this.#dismissedAtMs = new WeakMap(); // the next dialog may reuse the same element
      switch (view.kind) {
        case 'loading':
          return this.#waitForPage();
        case 'ended':
          this.#cardHasGone();
          return status.wait('deck_ended');
        case 'unproven':
          return this.#waitForProof(view.reason);
        case 'obstacle':
          return this.#meet(view.obstacle);
        case 'dialog':
          return this.#close(view);
        case 'profile': {
          if (status.stopped?.key !== view.profile.key) this.#cardHasGone();
          const hidden = page.obstruction(view.profile);
          if (hidden) return this.#waitForProof(hidden);
          this.#unprovenSinceMs = undefined;
          status.clear();
          return view.profile;
        }
      }
    }, signal);
  }

  /** Returns a controller that aborts when the profile is no longer on top or the session ends. */
  whileOnTop({ key }: ActiveProfile): AbortController {
    const { page, watcher } = this.#parts;
    const card = new AbortController();
    this.#signal.addEventListener('abort', () => card.abort(this.#signal.reason), { once: true, signal: card.signal });
    watcher.onChange(() => {
      const active = page.activeProfile();
      if (active && active.key !== key) card.abort(new CardGone());
      if (!active && page.ended()) card.abort(new CardGone());
    }, card.signal);
    return card;
  }

  #waitForPage(): undefined {
    const { clock, status } = this.#parts;
    if (this.#loadingSinceMs === undefined) {
      this.#loadingSinceMs = clock.now();
      this.#lookAgainIn(LOADING_MS);
    }
    const waitedMs = clock.now() - this.#loadingSinceMs;
    return status.wait(waitedMs >= LOADING_MS ? 'page_changed' : 'page_loading');
  }

  /** Continues if the person has swiped the card that the session stopped at. */
  #cardHasGone(): void {
    const { status } = this.#parts;
    if (status.stopped?.key !== undefined && endsWithCard(status.stopped.reason)) status.resume();
  }

  /** Waits while the profile is hidden or can't be told apart from another one. */
  #waitForProof(reason: Reason): undefined {
    const { clock } = this.#parts;
    this.#unprovenSinceMs ??= clock.now();
    if (!this.#looksAgain) {
      this.#looksAgain = true;
      this.#lookAgainIn(LOOK_AGAIN_MS);
    }
    if (clock.now() - this.#unprovenSinceMs >= UNPROVEN_MS) this.#meet(reason);
  }

  /** Stops swiping if only the person can deal with the reason. If swiping isn't on, it only reports the reason. */
  #meet(reason: Reason): undefined {
    const { status, maySwipe } = this.#parts;
    if (!needsPerson(reason) || !maySwipe() || status.stopped) return status.wait(reason);
    return status.stop(reason);
  }

  /** Presses the safe button of a dialog that the adapter knows, once. Other dialogs are left to the person. */
  #close({ name, element, dismiss }: PageView & { kind: 'dialog' }): undefined {
    const { clock, status, maySwipe } = this.#parts;
    if (!maySwipe() || status.stopped) return status.wait('dialog_open');
    const dismissedAtMs = this.#dismissedAtMs.get(element);
    const stuck = dismissedAtMs !== undefined && clock.now() - dismissedAtMs >= DIALOG_MS;
    if (!dismiss || stuck || this.#dismissals >= MAX_DISMISSALS) return status.stop('dialog_unknown', name);
    if (dismissedAtMs !== undefined) return; // it is still fading
    this.#dismissals += 1;
    this.#dismissedAtMs.set(element, clock.now());
    this.#lookAgainIn(DIALOG_MS);
    dismiss();
  }

  #lookAgainIn(ms: number): void {
    const { clock, watcher } = this.#parts;
    clock.delay(ms, this.#signal).then(
      () => {
        this.#looksAgain = false;
        watcher.poke();
      },
      () => {}, // the session has ended
    );
  }
}
