import type { Clock } from '../clock.ts';
import type { Answer, PhotoVerdict, Request, Verdict } from '../messages.ts';
import { reportError } from '../report-error.ts';
import type { ActiveProfile, SitePage, Swipe, SwipeCall } from '../sites/site-adapter.ts';
import type { ProfileWatcher } from './profile-watcher.ts';

/** How long the page may take to confirm a swipe after its card has left. */
const CONFIRM_MS = 15_000;

/** How many reported swipes are remembered, to recognize a profile that the person takes back. */
const REMEMBERED = 20;

/** Delays before a label is sent again after the worker died. The last one repeats. */
const RETRY_WAITS_MS = [200, 500, 1_000, 5_000];

/** A swipe of the person, as it is shown to them. */
export interface ShownSwipe {
  readonly swipe: Swipe;
  /** What Swipenet would have done, if it had decided by then. */
  readonly verdict: Verdict | undefined;
  /** What came of storing it, if the server answered in time. */
  readonly answer: Answer<'label'>;
}

/** What it takes to follow the person's own swipes. */
export interface PersonSwipesParts {
  readonly page: SitePage;
  readonly watcher: ProfileWatcher;
  readonly clock: Clock;
  /** The site's name, which a stored swipe belongs to. */
  readonly site: string;
  /** Identifies this session. */
  readonly name: string;
  /** True while the person wants swipes on this page to be learned from. */
  readonly mayLearn: () => boolean;
  /** Reports a swipe to the worker, for the history and as a label. Rejects if the worker dies before it answers. */
  readonly label: (label: Request<'label'>) => Promise<Answer<'label'>>;
  /** Takes a swipe back. Rejects if the worker dies before it answers. */
  readonly unlabel: (id: string) => Promise<unknown>;
  /** Shows the person what came of a swipe. */
  readonly show: (swipe: ShownSwipe) => void;
}

/** A card that is left to the person. */
interface WatchedCard {
  readonly profile: ActiveProfile;
  readonly call: () => SwipeCall | undefined;
  verdict: Verdict | undefined;
  /** True once the person could see the verdict, or was told what it is about. */
  isShown: boolean;
  /** Undefined while the card is on top. */
  leftAtMs: number | undefined;
}

/**
 * Follows the swipes that the person makes. A swipe is reported when the page confirms it as a like or a pass; Super
 * Likes and other paid presses never are. The worker adds it to the history, and stores it as a label if it may learn. If
 * the profile comes back on top, the person has taken the swipe back, and both go.
 */
export class PersonSwipes {
  readonly #parts: PersonSwipesParts;
  readonly #signal: AbortSignal;
  readonly #watched = new Map<string, WatchedCard>();
  /** The latest swipes, by the profile's ID. */
  readonly #labels = new Map<string, string>();
  #count = 0;
  /** The card that was on top last, or '' after the end of the deck. */
  #onTop = '';

  constructor(parts: PersonSwipesParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
    const look = () => this.#look();
    parts.watcher.onChange(look, signal);
    parts.page.onNews(look, signal);
  }

  /** Watches the card on top. Call it before the person can have swiped it. */
  watch(profile: ActiveProfile): void {
    if (this.#onTop !== profile.key) this.#takeBack(profile);
    this.#onTop = profile.key;
    const known = this.#watched.get(profile.key);
    if (known) {
      known.leftAtMs = undefined; // it was only looked at again
      return;
    }
    const call = this.#parts.page.watchSwipe(profile);
    this.#watched.set(profile.key, { profile, call, verdict: undefined, isShown: false, leftAtMs: undefined });
  }

  /** Adds the verdict to a watched card. `isShown` says that the person can see it. */
  decided({ key }: ActiveProfile, verdict: Verdict, isShown: boolean): void {
    const card = this.#watched.get(key);
    if (!card || card.leftAtMs !== undefined) return;
    card.verdict = verdict;
    card.isShown ||= isShown;
  }

  /** The person can now see the verdict of this card, or what it is about. */
  shown({ key }: ActiveProfile): void {
    const card = this.#watched.get(key);
    if (card) card.isShown = true;
  }

  /** Swipenet is about to swipe this card itself, so it isn't the person's. */
  forget({ key }: ActiveProfile): void {
    this.#watched.delete(key);
  }

  /** The card is no longer on top. The page may confirm its swipe a moment later. */
  left({ key }: ActiveProfile): void {
    const card = this.#watched.get(key);
    if (card) card.leftAtMs ??= this.#parts.clock.now();
    this.#look();
  }

  #look(): void {
    const { clock, page } = this.#parts;
    if (!page.activeProfile() && page.ended()) this.#onTop = '';
    for (const [key, card] of this.#watched) {
      const isLate = card.leftAtMs !== undefined && clock.now() - card.leftAtMs > CONFIRM_MS;
      const call = isLate ? undefined : card.call();
      if (isLate || call?.state === 'answered' || call?.state === 'failed') this.#watched.delete(key);
      if (call?.state === 'answered') void this.#label(card, call.swipe);
    }
  }

  async #label({ profile, verdict, isShown }: WatchedCard, swipe: Swipe): Promise<void> {
    const { mayLearn, label, show } = this.#parts;
    const seen = verdict ? (isShown ? 'shown' : 'hidden') : 'none';
    const request = this.#requestOf(profile, swipe, verdict, seen);
    const isShownAfter = mayLearn() && request.profile !== undefined;
    if (request.profile !== undefined) this.#labels.set(request.profile, request.id);
    for (const oldest of this.#labels.keys()) {
      if (this.#labels.size <= REMEMBERED) break;
      this.#labels.delete(oldest);
    }
    const answer = await this.#insist(() => label(request), 'storing a swipe');
    if (answer && isShownAfter && !this.#signal.aborted) show({ swipe, verdict, answer });
  }

  /** Reports a confirmed swipe of Swipenet's own, which the person may correct later. */
  swipedByUs(profile: ActiveProfile, verdict: Verdict, swipe: Swipe): void {
    const request = this.#requestOf(profile, swipe, verdict, 'shown');
    void this.#insist(() => this.#parts.label({ ...request, own: true }), 'remembering a swipe');
  }

  #requestOf(
    profile: ActiveProfile,
    swipe: Swipe,
    verdict: Verdict | undefined,
    seen: Request<'label'>['verdict'],
  ): Request<'label'> {
    const { page, site, name } = this.#parts;
    this.#count += 1;
    const count = verdict ? verdict.photos.filter(isPhoto).length : page.photoCount(profile);
    const like = verdict?.decision.like;
    const id = page.profileId(profile);
    return {
      ...{ kind: 'label', id: `${name}/label-${this.#count}`, site, swipe, verdict: seen },
      ...(id !== undefined && { profile: id }),
      ...(count && { photoCount: count }),
      ...(verdict && {
        judged: verdict,
        decision: verdict.decision.swipe,
        decidedBy: 'network',
        threshold: verdict.threshold,
        model: verdict.model,
        ...(verdict.scoreId !== undefined && { scoreId: verdict.scoreId }),
        ...(typeof like === 'number' && { probability: like }),
      }),
    };
  }

  /** Deletes the label of a profile that is on top again. */
  #takeBack(profile: ActiveProfile): void {
    const { page, unlabel } = this.#parts;
    const id = page.profileId(profile);
    const label = id === undefined ? undefined : this.#labels.get(id);
    if (id === undefined || label === undefined) return;
    this.#labels.delete(id);
    void this.#insist(() => unlabel(label), 'taking a swipe back');
  }

  /** Asks the worker until it answers, also after this session has ended: the browser may end the worker at any time. */
  async #insist<Answer>(ask: () => Promise<Answer>, what: string): Promise<Answer | undefined> {
    const { clock } = this.#parts;
    for (let attempt = 0; attempt < 20; attempt += 1) {
      try {
        return await ask();
      } catch (error) {
        if (attempt > 0) reportError(what, error);
        await clock.delay(RETRY_WAITS_MS[Math.min(attempt, RETRY_WAITS_MS.length - 1)]!);
      }
    }
    return undefined;
  }
}

/** False for a video, which is never scored. */
const isPhoto = (photo: PhotoVerdict) => !('missing' in photo && photo.missing === 'video');
