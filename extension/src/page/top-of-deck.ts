import type { Clock } from '../clock.ts';
import { endsWithCard, needsPerson, type Reason } from '../reasons.ts';
import type { ActiveProfile, PageView, SitePage } from '../sites/site-adapter.ts';
import type { ProfileWatcher } from './profile-watcher.ts';
import type { SessionStatus } from './session-status.ts';

/** A dialog that is still there so long after it was dismissed is none that we know. */
const DIALOG_MS = 5_000;

/** A dialog that comes back this often, with no profile in between, is not closed by closing it. */
const MAX_DISMISSALS = 5;

/** A page with neither a card nor a reason for that is, after so long, one that the adapter does not understand. */
const LOADING_MS = 30_000;

/** What hides a card, or makes it two, for a shorter time than this is an animation. */
const UNPROVEN_MS = 2_000;

/** An animation ends without a change of the document. */
const LOOK_AGAIN_MS = 250;

/** The card that something was done for is no longer on top. */
export class CardGone extends Error {
  override readonly name = 'CardGone';
}

/** What the top of a deck is seen by. */
export interface TopOfDeckParts {
  readonly page: SitePage;
  readonly watcher: ProfileWatcher;
  readonly status: SessionStatus;
  readonly clock: Clock;
  readonly maySwipe: () => boolean;
  /** True while nobody sees the tab. */
  readonly isHidden: () => boolean;
  readonly isOffline: () => boolean;
}

/** Waits for a profile on top of the deck with nothing over it, and says what it waits for. */
export class TopOfDeck {
  readonly #parts: TopOfDeckParts;
  readonly #signal: AbortSignal;
  /** When each dialog was dismissed: once is enough, it may take a moment to fade. */
  #dismissedAtMs = new WeakMap<Element, number>();
  /** Dialogs dismissed since there was a profile on top. */
  #dismissals = 0;
  #loadingSinceMs: number | undefined;
  #unprovenSinceMs: number | undefined;
  #looksAgain = false;

  constructor(parts: TopOfDeckParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
  }

  /** The profile on top; while swiping, a dialog that is known to be harmless is closed on the way. */
  profile(signal: AbortSignal): Promise<ActiveProfile> {
    const { page, watcher, status, isHidden, isOffline } = this.#parts;
    return watcher.until(() => {
      if (isHidden()) return status.wait('tab_hidden');
      if (isOffline()) return status.wait('offline');
      const view = page.view();
      if (view.kind !== 'loading') this.#loadingSinceMs = undefined;
      if (view.kind === 'profile') this.#dismissals = 0;
      if (view.kind !== 'dialog') this.#dismissedAtMs = new WeakMap(); // the next one may come in the same element
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

  /** A controller that aborts when the profile is no longer on top, or the session ends. */
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

  /** The person has swiped the card that the session stopped at: that is their word to continue. */
  #cardHasGone(): void {
    const { status } = this.#parts;
    if (status.stopped?.key !== undefined && endsWithCard(status.stopped.reason)) status.resume();
  }

  /** A profile can't be seen, or not told from another one. */
  #waitForProof(reason: Reason): undefined {
    const { clock } = this.#parts;
    this.#unprovenSinceMs ??= clock.now();
    if (!this.#looksAgain) {
      this.#looksAgain = true;
      this.#lookAgainIn(LOOK_AGAIN_MS);
    }
    if (clock.now() - this.#unprovenSinceMs >= UNPROVEN_MS) this.#meet(reason);
  }

  /** What only the person can deal with stops the swiping; where nobody lets it swipe, it is only said. */
  #meet(reason: Reason): undefined {
    const { status, maySwipe } = this.#parts;
    if (!needsPerson(reason) || !maySwipe() || status.stopped) return status.wait(reason);
    return status.stop(reason);
  }

  /** Presses the safe button of a dialog that the adapter knows, once; any other is the person's. */
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
