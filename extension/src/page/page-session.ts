import type { Clock } from '../clock.ts';
import type { Answer, Verdict } from '../messages.ts';
import { endsWithCard, needsPerson } from '../reasons.ts';
import type { ActiveProfile, PagePhoto, SitePage, Swipe } from '../sites/site-adapter.ts';
import { type AheadParts, AheadScorer } from './ahead-scorer.ts';
import type { AutoSwiper } from './auto-swiper.ts';
import { holdOf } from './hold.ts';
import type { Overlay } from './overlay/overlay.ts';
import { ProfileJudge } from './profile-judge.ts';
import type { ProfileWatcher } from './profile-watcher.ts';
import type { SessionStatus } from './session-status.ts';
import { type PermitParts, SwipePermits } from './swipe-permits.ts';
import { CardGone, TopOfDeck } from './top-of-deck.ts';

/** A page that hasn't proven itself after this long isn't just rendering something anew. */
const PROOF_MS = 3_000;

/** So often it is looked at again until then: much that it depends on changes without a change of the document. */
const LOOK_AGAIN_MS = 100;

/** So often a card is judged again because the page tells something new of it. */
const MAX_JUDGINGS = 4;

/** So often in a row a press may find that the page no longer proves itself. */
const MAX_UNPROVEN = 3;

/** What a page session is made of. */
export interface PageSessionParts {
  readonly page: SitePage;
  readonly watcher: ProfileWatcher;
  readonly overlay: Overlay;
  readonly clock: Clock;
  /** True while the person lets it swipe (the control stands on Swipe). */
  readonly maySwipe: () => boolean;
  /** True while nobody sees the tab. */
  readonly isHidden: () => boolean;
  readonly isOffline: () => boolean;
  /** Photos to a verdict, canceled by the signal; rejects when the background worker died meanwhile. */
  readonly score: (photos: readonly PagePhoto[], signal: AbortSignal) => Promise<Answer<'score'>>;
  readonly ahead: AheadParts;
  readonly permits: Omit<PermitParts, 'status'>;
  /** Both outlive the session: a stop still holds, and a swipe that was made is still confirmed and counted. */
  readonly status: SessionStatus;
  readonly swiper: AutoSwiper;
}

/** One dating page from the moment it is watched until the signal aborts: profile after profile. */
export class PageSession {
  readonly #parts: PageSessionParts;
  readonly #signal: AbortSignal;
  readonly #status: SessionStatus;
  readonly #deck: TopOfDeck;
  readonly #ahead: AheadScorer;
  readonly #judge: ProfileJudge;
  readonly #permits: SwipePermits;
  /** The profiles last counted as seen and as held, so that looking at one again counts nothing. */
  readonly #counted: { seen?: string; held?: string } = {};
  /** How often the card on top was judged. */
  #judgings = { key: '', times: 0 };

  constructor(parts: PageSessionParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
    this.#status = parts.status;
    this.#deck = new TopOfDeck(parts, signal);
    this.#ahead = new AheadScorer(parts.ahead, signal);
    this.#judge = new ProfileJudge({ ...parts, deck: this.#deck, ahead: this.#ahead });
    this.#permits = new SwipePermits({ ...parts.permits, status: parts.status });
    parts.page.onNews(() => parts.watcher.poke(), signal);
  }

  /** Profile → photos → confidences → overlay → decision → swipe, until the signal aborts. */
  async run(): Promise<never> {
    for (;;) {
      const profile = await this.#deck.profile(this.#signal);
      const card = this.#deck.whileOnTop(profile);
      try {
        const isOutdated = this.#outdatedCheck(profile);
        const verdict = await this.#judge.judge(profile, card.signal);
        this.#countOnce('seen', profile);
        this.#lookAhead(card.signal);
        await this.#act(profile, verdict, () => isOutdated(verdict), card.signal);
      } catch (error) {
        // The card has gone, by whoever's hand: what was under way for it is void, and the next one is looked at.
        if (this.#signal.aborted || !(card.signal.aborted || error instanceof CardGone)) throw error;
      } finally {
        card.abort();
        this.#parts.overlay.clear();
      }
    }
  }

  /** The person clicked or pressed a key on the page: reading ends at once, and swiping until Resume. */
  personActed(): void {
    this.#judge.personActed();
    if (this.#parts.maySwipe() && !this.#status.stopped) this.#status.stop('person_acted');
  }

  /** The person lets it go on. */
  resume(): void {
    if (!this.#status.resume()) return;
    this.#judge.resume();
    this.#parts.watcher.poke();
  }

  /** While a verdict is shown or its swipe waits for a permit, the next profiles are scored; those that come later, too. */
  #lookAhead(signal: AbortSignal): void {
    const { page } = this.#parts;
    const update = () => this.#ahead.update(page.upcoming());
    page.onNews(update, signal);
    update();
  }

  /**
   * Begun before a card is judged, tells whether the page has told something new of it since: photos that its verdict to the
   * left doesn't know, or the data of all photos after a hold.
   */
  #outdatedCheck(profile: ActiveProfile): (verdict: Verdict) => boolean {
    const { page } = this.#parts;
    const hadData = page.hasData(profile);
    this.#judgings = this.#judgings.key === profile.key ? this.#judgings : { key: profile.key, times: 0 };
    this.#judgings.times += 1;
    const isLast = this.#judgings.times >= MAX_JUDGINGS;
    return ({ decision, photos }) => {
      if (isLast || decision.swipe === 'right') return false;
      if (decision.swipe === 'hold') return !hadData && page.hasData(profile);
      const count = page.photoCount(profile);
      return count !== undefined && count !== photos.length;
    };
  }

  /** Acts on the verdict where and when it may; returns when the card is to be looked at again. */
  async #act(profile: ActiveProfile, verdict: Verdict, isOutdated: () => boolean, signal: AbortSignal): Promise<void> {
    const { page, watcher, swiper, clock, maySwipe, isHidden } = this.#parts;
    const status = this.#status;
    const { resumes } = status;
    const isOver = () => status.resumes !== resumes || isOutdated();
    const free = () => maySwipe() && !status.stopped && !isHidden() && !isOver();
    for (let unproven = 0; ; ) {
      await watcher.until(() => {
        if (isOver()) return true;
        if (isHidden()) return status.wait('tab_hidden');
        status.clear();
        return free();
      }, signal);
      if (isOver()) {
        const { stopped } = status;
        // What it stopped at is news of yesterday, where it was about this card's photos.
        if (stopped?.key === profile.key && endsWithCard(stopped.reason) && isOutdated()) status.resume();
        return;
      }
      const { swipe } = verdict.decision;
      if (swipe === 'hold') {
        const { reason, detail } = holdOf(verdict.photos);
        status.stop(reason, detail, profile.key);
        this.#countOnce('held', profile);
        continue;
      }
      await swiper.settled(); // a press of the session before may still wait to be confirmed, and then stop this one
      await this.#deck.profile(signal);
      const wanted = { swipe, scoredPhotos: verdict.photos.length };
      if (!(await this.#pageProves(profile, wanted, free, signal))) continue;
      const permit = await this.#permits.get(swipe, free, signal);
      if (!permit) continue;
      if ('refused' in permit) {
        status.stop(permit.refused, permit.detail);
        continue;
      }
      if (!free()) {
        this.#permits.release(permit.id);
        continue;
      }
      // From the permit to the press nothing is waited for.
      const outcome = await swiper.swipe(page, profile, wanted, clock.deadline);
      if (outcome === 'swiped') return status.count(swipe, permit.id);
      this.#permits.release(permit.id, outcome !== 'gone' && outcome.pressed);
      if (outcome === 'gone') return;
      if (!outcome.pressed) unproven += 1; // it did a moment ago: what is missing now is waited for, and told, above
      if (!outcome.pressed && unproven < MAX_UNPROVEN) continue;
      status.stop(outcome.stop, outcome.detail, profile.key); // for the next session, where this one has ended
      this.#signal.throwIfAborted();
    }
  }

  /** Waits until the page proves itself, and says why it doesn't after a moment; false once the swipe isn't wanted. */
  async #pageProves(
    profile: ActiveProfile,
    { swipe, scoredPhotos }: { readonly swipe: Swipe; readonly scoredPhotos: number },
    isWanted: () => boolean,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { page, clock } = this.#parts;
    const sinceMs = clock.now();
    while (isWanted()) {
      if (page.view().kind !== 'profile') await this.#deck.profile(signal); // a dialog that came meanwhile
      const proof = page.prove(profile, swipe, scoredPhotos);
      if ('press' in proof) {
        this.#status.clear();
        return true;
      }
      if (clock.now() - sinceMs >= PROOF_MS) {
        if (needsPerson(proof.stop)) this.#status.stop(proof.stop, proof.detail, profile.key);
        else this.#status.wait(proof.stop, proof.detail);
      }
      await clock.delay(LOOK_AGAIN_MS, signal);
    }
    return false;
  }

  #countOnce(what: 'seen' | 'held', { key }: ActiveProfile): void {
    if (this.#counted[what] === key) return;
    this.#counted[what] = key;
    this.#status.count(what);
  }
}
