import type { Clock } from '../../clock.ts';
import type { Answer, Verdict } from '../../messages.ts';
import { endsWithCard, needsPerson } from '../../reasons.ts';
import type { ActiveProfile, PagePhoto, SitePage } from '../../sites/site-adapter.ts';
import type { Overlay } from '../overlay/overlay.ts';
import { PersonSwipes, type PersonSwipesParts } from '../person/person-swipes.ts';
import { type AheadParts, AheadScorer, MAX_AHEAD } from '../profiles/ahead-scorer.ts';
import { type JudgeParts, ProfileJudge } from '../profiles/profile-judge.ts';
import type { ProfileWatcher } from '../profiles/profile-watcher.ts';
import { type EarlyDecision, RuleBook, type RuleBookParts } from '../profiles/rule-book.ts';
import { CardGone, TopOfDeck } from '../profiles/top-of-deck.ts';
import type { AutoSwiper, WantedSwipe } from '../swiping/auto-swiper.ts';
import { holdOf } from '../swiping/hold.ts';
import type { LeftToPerson } from '../swiping/left-to-person.ts';
import { type PermitParts, SwipePermits } from '../swiping/swipe-permits.ts';
import type { SessionStatus } from './session-status.ts';

/** A page that hasn't proven itself after this long isn't just re-rendering. */
const PROOF_MS = 3_000;

/** The polling interval until then: much of the proof can change without a DOM mutation. */
const LOOK_AGAIN_MS = 100;

/** How many times a card is judged as the page reveals more about it. */
const MAX_JUDGINGS = 4;

/** How many presses in a row may find that the page no longer proves itself. */
const MAX_UNPROVEN = 3;

/** What a page session needs. */
export interface PageSessionParts {
  readonly page: SitePage;
  readonly watcher: ProfileWatcher;
  readonly overlay: Overlay;
  readonly clock: Clock;
  /** True while the person allows swiping: the control is set to Swipe. */
  readonly maySwipe: () => boolean;
  /** True while the tab is hidden. */
  readonly isHidden: () => boolean;
  readonly isOffline: () => boolean;
  /** Gets a verdict on the photos. The signal cancels it. Rejects if the background worker dies before it answers. */
  readonly score: (photos: readonly PagePhoto[], signal: AbortSignal) => Promise<Answer<'score'>>;
  readonly words: JudgeParts['words'];
  readonly ahead: AheadParts;
  readonly permits: Omit<PermitParts, 'status'>;
  readonly left: LeftToPerson;
  /** The person's rules. */
  readonly rules: Omit<RuleBookParts, 'page' | 'clock' | 'status' | 'overlay'>;
  /** The person's own swipes. */
  readonly persons: Omit<PersonSwipesParts, 'page' | 'watcher' | 'clock'>;
  /**
   * Status and swiper outlive the session: a stop stays in effect, and a swipe in flight is still confirmed and
   * counted.
   */
  readonly status: SessionStatus;
  readonly swiper: AutoSwiper;
}

/** What was decided about a profile: without its photos, or by a verdict on them. */
interface Decided {
  readonly early: EarlyDecision | undefined;
  readonly verdict: Verdict | undefined;
}

/** Works through one dating page, profile after profile, until the signal aborts. */
export class PageSession {
  readonly #parts: PageSessionParts;
  readonly #signal: AbortSignal;
  readonly #status: SessionStatus;
  readonly #deck: TopOfDeck;
  readonly #ahead: AheadScorer;
  readonly #judge: ProfileJudge;
  readonly #permits: SwipePermits;
  readonly #rules: RuleBook;
  readonly #persons: PersonSwipes;
  /** The profiles last counted as seen and as held, so that none is counted twice. */
  readonly #counted: { seen?: string; held?: string } = {};
  /** How many times the card on top has been judged. */
  #judgings = { key: '', times: 0 };

  constructor(parts: PageSessionParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
    this.#status = parts.status;
    this.#deck = new TopOfDeck(parts, signal);
    this.#ahead = new AheadScorer(parts.ahead, signal);
    this.#judge = new ProfileJudge({ ...parts, deck: this.#deck, ahead: this.#ahead });
    this.#permits = new SwipePermits({ ...parts.permits, status: parts.status });
    this.#rules = new RuleBook({ ...parts, ...parts.rules });
    this.#persons = new PersonSwipes({ ...parts, ...parts.persons }, signal);
    parts.page.onNews(() => parts.watcher.poke(), signal);
  }

  /** Profile → rules → photos → confidences → overlay → decision → swipe, until the signal aborts. */
  async run(): Promise<never> {
    for (;;) {
      const profile = await this.#deck.profile(this.#signal);
      const card = this.#deck.whileOnTop(profile);
      try {
        this.#begin(profile);
        const early = await this.#decideEarly(profile, card.signal);
        const isOutdated = this.#outdatedCheck(profile);
        const know = (verdict?: Verdict) =>
          this.#persons.decided(profile, { ruling: early?.ruling, verdict }, !this.#parts.left.isHidden);
        if (early) know();
        const verdict = early ? undefined : await this.#judge.judge(profile, card.signal, know);
        const decided = { early, verdict };
        if (verdict) this.#countOnce('seen', profile);
        this.#lookAhead(card.signal);
        await this.#act(profile, decided, () => isOutdated(verdict), card.signal);
      } catch (error) {
        // The card is gone, no matter who swiped it. Drop its work in progress and move on to the next card.
        if (this.#signal.aborted || !(card.signal.aborted || error instanceof CardGone)) throw error;
      } finally {
        card.abort();
        this.#parts.overlay.clear();
      }
    }
  }

  /**
   * Call this when the person clicks or presses a key on the page. Reading ends at once; swiping stops until Resume.
   */
  personActed(): void {
    this.#judge.personActed();
    if (this.#parts.maySwipe() && !this.#status.stopped) this.#status.stop('person_acted');
  }

  /** Continues after the person clicks Resume. */
  resume(): void {
    const { stopped } = this.#status;
    if (!this.#status.resume()) return;
    if (stopped?.reason === 'spot_check' || stopped?.reason === 'close_call') this.#parts.left.excuse();
    this.moved();
    this.#judge.resume();
    this.#parts.watcher.poke();
  }

  /** Call this when the control moves while a card is on top. A verdict that becomes visible no longer counts as hidden. */
  moved(): void {
    const { left, overlay, page, watcher } = this.#parts;
    overlay.setHidden(left.isHidden);
    const active = page.activeProfile();
    if (active && !left.isHidden) this.#persons.shown(active);
    watcher.poke();
  }

  /** Starts with a card: it may be left to the person, who may not see its verdict. */
  #begin(profile: ActiveProfile): void {
    const { left, overlay } = this.#parts;
    left.begin(profile);
    overlay.setHidden(left.isHidden);
    this.#persons.watch(profile);
  }

  /** Decides a profile that needs no score, and shows it. */
  async #decideEarly(profile: ActiveProfile, signal: AbortSignal): Promise<EarlyDecision | undefined> {
    await this.#rules.settled(profile, signal);
    this.#persons.watch(profile); // whose card it is may be known only now, and a swipe of it may have been taken back
    return await this.#rules.apply(profile, signal);
  }

  /** Scores the next profiles, and those that load later, while a verdict is shown or its swipe waits for a permit. */
  #lookAhead(signal: AbortSignal): void {
    const { page } = this.#parts;
    let updates = 0;
    const update = () => {
      updates += 1;
      const mine = updates;
      const set = (next: (readonly PagePhoto[])[]) => {
        if (mine === updates && !signal.aborted) this.#ahead.update(next);
      };
      void this.#rules.undecided(page.upcoming(), MAX_AHEAD).then(set);
    };
    page.onNews(update, signal);
    update();
  }

  /**
   * Returns a check for whether a decision is outdated. Call it before the card is judged. Any decision is outdated when the
   * rules decide otherwise by now, a left swipe when the page shows another number of photos, and a hold when the page's
   * data of all photos has arrived.
   */
  #outdatedCheck(profile: ActiveProfile): (verdict: Verdict | undefined) => boolean {
    const { page } = this.#parts;
    const isRuledAnew = this.#rules.check(profile);
    const hadData = page.hasData(profile);
    this.#judgings = this.#judgings.key === profile.key ? this.#judgings : { key: profile.key, times: 0 };
    this.#judgings.times += 1;
    const isLast = this.#judgings.times >= MAX_JUDGINGS;
    return (verdict) => {
      if (isRuledAnew()) return true;
      if (isLast || !verdict) return false;
      const { decision, photos } = verdict;
      if (decision.swipe === 'right') return false;
      if (decision.swipe === 'hold') return !hadData && page.hasData(profile);
      const count = page.photoCount(profile);
      return count !== undefined && count !== photos.length;
    };
  }

  /** Acts on the decision as soon as it is allowed to. Returns when the card must be looked at again. */
  async #act(profile: ActiveProfile, decided: Decided, isOutdated: () => boolean, signal: AbortSignal): Promise<void> {
    const { early, verdict } = decided;
    const { page, watcher, swiper, clock, maySwipe, isHidden, left } = this.#parts;
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
        // If the stop was about this card's photos, it is out of date now.
        if (stopped?.key === profile.key && endsWithCard(stopped.reason) && isOutdated()) status.resume();
        return;
      }
      const reason = verdict && left.reason(verdict);
      if (reason) {
        status.stop(reason, undefined, profile.key);
        this.#countOnce('held', profile);
        continue;
      }
      const swipe = early?.swipe ?? verdict!.decision.swipe;
      if (swipe === 'hold') {
        const hold = early ? { reason: early.reason, detail: early.text } : holdOf(verdict!.photos);
        status.stop(hold.reason, hold.detail, profile.key);
        this.#countOnce('held', profile);
        continue;
      }
      await swiper.settled(); // a press of the previous session may still be unconfirmed, and may yet stop this one
      await this.#deck.profile(signal);
      const wanted = { swipe, scoredPhotos: verdict?.photos.length };
      if (!(await this.#pageProves(profile, wanted, free, signal))) continue;
      const permit = await this.#permits.get({ swipe, model: verdict?.model }, free, signal);
      if (!permit) continue;
      if ('outdated' in permit) return this.#ahead.update([]); // what was scored ahead is outdated, too
      if ('refused' in permit) {
        status.stop(permit.refused, permit.detail);
        continue;
      }
      if (!free()) {
        this.#permits.release(permit.id);
        continue;
      }
      this.#persons.forget(profile); // from here on, the swipe is ours
      // Never await anything between the permit and the press.
      const outcome = await swiper.swipe(page, profile, wanted, clock.deadline);
      if (outcome === 'swiped') {
        this.#persons.swipedByUs(profile, { ruling: early?.ruling, verdict }, swipe);
        return status.count(swipe, permit.id);
      }
      this.#permits.release(permit.id, outcome !== 'gone' && outcome.pressed);
      if (outcome === 'gone') return;
      if (!outcome.pressed) unproven += 1; // it was proven a moment ago, so go back and wait for what is missing now
      if (!outcome.pressed && unproven < MAX_UNPROVEN) continue;
      status.stop(outcome.stop, outcome.detail, profile.key); // the next session needs this, too, if this one has ended
      this.#signal.throwIfAborted();
    }
  }

  /**
   * Waits until the page proves itself, and after a moment reports why it doesn't. False once the swipe isn't wanted.
   */
  async #pageProves(
    profile: ActiveProfile,
    { swipe, scoredPhotos }: WantedSwipe,
    isWanted: () => boolean,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { page, clock } = this.#parts;
    const sinceMs = clock.now();
    while (isWanted()) {
      if (page.view().kind !== 'profile') await this.#deck.profile(signal); // a dialog may have opened
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
