import type { Clock } from '../../clock.ts';
import type { Answer, PhotoVerdict, Request, Verdict } from '../../messages.ts';
import { reportError } from '../../report-error.ts';
import type { Ruling } from '../../rules/rules.ts';
import type { ActiveProfile, SitePage, Swipe, SwipeCall } from '../../sites/site-adapter.ts';
import type { ProfileWatcher } from '../profiles/profile-watcher.ts';

/** How long the page may take to confirm a swipe after its card has left. */
const CONFIRM_MS = 15_000;

/** How many reported swipes are remembered, to recognize a profile that the person takes back. */
const REMEMBERED = 20;

/** Delays before a label is sent again after the worker died. The last one repeats. */
const RETRY_WAITS_MS = [200, 500, 1_000, 5_000];

/** What Swipenet would have done with a profile: by a rule, or by a verdict. Neither if it hadn't decided yet. */
export interface WouldDo {
  readonly ruling?: Ruling | undefined;
  readonly verdict?: Verdict | undefined;
}

/** A swipe of the person, as it is shown to them. */
export interface ShownSwipe extends WouldDo {
  readonly swipe: Swipe;
  /** What came of storing it, if the server answered in time. */
  readonly answer: Answer<'label'>;
}

/** What is remembered of the person's swipes for as long as the document lives. */
export class SwipeMemory {
  /** The latest labels, by the profile's ID. */
  readonly labels = new Map<string, string>();
  /** The latest swipes, the person's and Swipenet's own, in order, by the profile's ID. */
  readonly swiped = new Map<string, string>();
  /** The profiles whose verdict the person was told after they swiped them. */
  readonly told = new Set<string>();
  /** Settles once the worker knows of the last label that was taken back. A profile's next label must not overtake that. */
  takenBack: Promise<unknown> = Promise.resolve();
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
  /** True while the person wants the words of bios to be learned from, too. */
  readonly readsWords: () => boolean;
  /** Reports a swipe to the worker, for the history and as a label. Rejects if the worker dies before it answers. */
  readonly label: (label: Request<'label'>) => Promise<Answer<'label'>>;
  /** Takes a swipe back. Rejects if the worker dies before it answers. */
  readonly unlabel: (id: string) => Promise<unknown>;
  /** Outlives the session: a swipe may be taken back in the next one. */
  readonly memory: SwipeMemory;
  /** Shows the person what came of a swipe. */
  readonly show: (swipe: ShownSwipe) => void;
}

/** A card that is left to the person. */
interface WatchedCard {
  readonly profile: ActiveProfile;
  call: () => SwipeCall | undefined;
  would: WouldDo;
  /** The bio when that was decided. */
  bio: string | undefined;
  /** True once the person could see the verdict, or was told what it is about. */
  isShown: boolean;
  /** When another card came on top, or undefined while it is this one. */
  leftAtMs: number | undefined;
}

/**
 * Follows the swipes that the person makes. A swipe is reported when the page confirms it as a like or a pass; Super
 * Likes and other paid presses never are. The worker adds it to the history, and stores it as a label if it may learn. If
 * the profile comes back on top, the person has taken its swipe back, even if the page confirms it only then, and both go.
 */
export class PersonSwipes {
  readonly #parts: PersonSwipesParts;
  readonly #signal: AbortSignal;
  readonly #watched = new Map<string, WatchedCard>();
  #count = 0;
  /** The card that was on top last, or '' if it has left and no other one has come. */
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
    this.#see(profile);
    const isLabeled = this.#parts.memory.labels.has(this.#parts.page.profileId(profile) ?? '');
    if (!this.#watched.has(profile.key) && !isLabeled) this.#begin(profile);
  }

  /** Adds what was decided to a watched card. `isShown` says that the person can see a verdict. */
  decided(profile: ActiveProfile, would: WouldDo, isShown: boolean): void {
    const card = this.#watched.get(profile.key);
    if (!card || card.leftAtMs !== undefined) return;
    card.would = would;
    card.bio = this.#parts.page.factsOf(profile).bio;
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

  /** Looks at the page itself: the person can swipe a card, or take it back, while a dialog keeps the session from it. */
  #look(): void {
    const { clock, page } = this.#parts;
    const active = page.activeProfile();
    if (active || page.ended() || this.#isSwiped(this.#onTop)) this.#see(active);
    for (const [key, card] of this.#watched) {
      const { leftAtMs } = card;
      const isLate = leftAtMs !== undefined && clock.now() - leftAtMs > CONFIRM_MS;
      const call = isLate ? undefined : card.call();
      if (call?.state === 'failed' && leftAtMs === undefined) card.call = page.watchSwipe(card.profile);
      else if (isLate || call?.state === 'answered' || call?.state === 'failed') this.#watched.delete(key);
      if (call?.state === 'answered') void this.#label(card, call.swipe);
    }
  }

  /**
   * This card is on top now, or none between two cards and at the end of the deck. The page may confirm the swipe of another
   * one later.
   */
  #see(profile: ActiveProfile | undefined): void {
    const { key = '' } = profile ?? {};
    if (this.#onTop !== key) {
      this.#onTop = key;
      for (const [other, card] of this.#watched) if (other !== key) card.leftAtMs ??= this.#parts.clock.now();
      if (profile) this.#begin(profile); // also if it is watched: what was confirmed of it has been taken back
    }
    if (profile && this.#watched.has(key)) this.#takeBack(profile); // whose card it is may be known only now
  }

  /** True once the page has asked for a swipe of a watched card. */
  #isSwiped(key: string): boolean {
    return 'swipe' in (this.#watched.get(key)?.call() ?? {});
  }

  #begin(profile: ActiveProfile): void {
    const call = this.#parts.page.watchSwipe(profile);
    this.#watched.set(profile.key, { profile, call, would: {}, bio: undefined, isShown: false, leftAtMs: undefined });
  }

  async #label({ profile, would, bio, isShown }: WatchedCard, swipe: Swipe): Promise<void> {
    const { page, mayLearn, readsWords, memory, label, show } = this.#parts;
    const id = page.profileId(profile);
    const isKnown = id !== undefined;
    const isTold = isShown || would.ruling !== undefined || (isKnown && memory.told.has(id));
    const seen = isDecided(would) ? (isTold ? 'shown' : 'hidden') : 'none';
    const request = { ...this.#requestOf(profile, swipe, would, seen), ...(bio && readsWords() && { bio }) };
    const isLearned = isKnown && mayLearn();
    if (isKnown) memory.labels.set(id, request.id);
    dropOldest(memory.labels);
    this.#remember(id, request.id);
    await memory.takenBack;
    const answer = await this.#insist(() => label(request), 'storing a swipe');
    if (!answer || !isLearned || this.#signal.aborted || memory.labels.get(id) !== request.id) return; // or taken back
    if (would.verdict) memory.told.add(id);
    dropOldest(memory.told);
    show({ swipe, ...would, answer });
  }

  /** Reports a confirmed swipe of Swipenet's own, which the person may correct later. */
  swipedByUs(profile: ActiveProfile, would: WouldDo, swipe: Swipe): void {
    const request = this.#requestOf(profile, swipe, would, 'shown');
    this.#remember(request.profile, request.id);
    void this.#insist(() => this.#parts.label({ ...request, own: true }), 'remembering a swipe');
  }

  #requestOf(
    profile: ActiveProfile,
    swipe: Swipe,
    { ruling, verdict }: WouldDo,
    seen: Request<'label'>['verdict'],
  ): Request<'label'> {
    const { page, site, name } = this.#parts;
    this.#count += 1;
    const count = verdict ? verdict.photos.filter(isPhoto).length : page.photoCount(profile);
    const like = verdict?.decision.like;
    const decision = ruling?.swipe ?? verdict?.decision.swipe;
    const id = page.profileId(profile);
    return {
      ...{ kind: 'label', id: `${name}/label-${this.#count}`, site, swipe, verdict: seen },
      ...(id !== undefined && { profile: id }),
      ...(count && { photoCount: count }),
      ...(decision && { decision, decidedBy: ruling ? 'rule' : verdict?.words ? 'words' : 'network' }),
      ...(ruling && { ruling }),
      ...(verdict && {
        judged: verdict,
        threshold: verdict.threshold,
        model: verdict.model,
        ...(verdict.scoreId !== undefined && { scoreId: verdict.scoreId }),
        ...(typeof like === 'number' && { probability: like }),
      }),
    };
  }

  /** Remembers a swipe as the last one. */
  #remember(profile: string | undefined, request: string): void {
    const { swiped } = this.#parts.memory;
    if (profile === undefined) return;
    swiped.delete(profile);
    swiped.set(profile, request);
    dropOldest(swiped);
  }

  /**
   * Deletes the label of a profile that is on top again. An earlier card of it, which the page made anew, is over. A swipe of
   * Swipenet's own is taken back only if it was the last one: otherwise the site shows the profile once more.
   */
  #takeBack(profile: ActiveProfile): void {
    const { page, memory, unlabel } = this.#parts;
    const id = page.profileId(profile);
    if (id === undefined) return;
    for (const [key, card] of this.#watched) {
      if (key !== profile.key && page.profileId(card.profile) === id) this.#watched.delete(key);
    }
    const isLast = [...memory.swiped.keys()].at(-1) === id;
    const label = memory.labels.get(id) ?? (isLast ? memory.swiped.get(id) : undefined);
    if (label === undefined) return;
    memory.labels.delete(id);
    memory.swiped.delete(id);
    memory.takenBack = this.#insist(() => unlabel(label), 'taking a swipe back');
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

function dropOldest(remembered: Map<string, unknown> | Set<string>): void {
  for (const oldest of remembered.keys()) {
    if (remembered.size <= REMEMBERED) break;
    remembered.delete(oldest);
  }
}

const isDecided = ({ ruling, verdict }: WouldDo) => ruling !== undefined || verdict !== undefined;

/** False for a video, which is never scored. */
const isPhoto = (photo: PhotoVerdict) => !('missing' in photo && photo.missing === 'video');
