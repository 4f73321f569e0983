import { DEFAULT_THRESHOLD, labelOf } from '@swipenet/shared/confidence.ts';
import type { ScoreRecord } from '../twins/stub-scorer.ts';
import type { TwinDeck } from '../twins/tinder/deck.ts';
import { stillsOf, type TwinProfile, truthOf } from '../twins/tinder/profiles.ts';
import type { Deed, Top, Verdict } from '../twins/tinder/record.ts';
import type { Violations } from './violations.ts';

/** What is known of one profile. */
interface Known {
  /** When the scorer answered for all of its photos, and for one that is LIKE (wall time). */
  completeAtMs?: number;
  likedAtMs?: number;
  topAtMs?: number;
  /** Swipes of the extension's that were taken. */
  swiped: number;
}

/** What came of the swipes. */
export interface SwipeFigures {
  right: number;
  left: number;
  person: number;
  /** Of those to the left, how many a rule decided. */
  ruled: number;
  /** How many went the other way because of the words. */
  worded: number;
  /** Swipes of the extension's whose call failed. */
  failed: number;
  /** Photos that it turned to while something lay over the deck. */
  /** Decisions that were known before their card was on top, of those that could be: the page's own data were read. */
  ready: number;
  readyOf: number;
}

/** What an oracle of swipes needs. */
export interface SwipeOracleParts {
  readonly deck: TwinDeck;
  readonly violations: Violations;
  /** Says of a load of the page whether its people were to be known before their cards. */
  readonly mayBeAhead: (load: number) => boolean;
  /** Says what the rules decide of a profile, undefined where its photos do. By default, there are no rules. */
  readonly ruled?: (profile: TwinProfile) => 'left' | 'hold' | undefined;
  /** Says what photos and words decide together, undefined where the photos alone do. By default, they always do. */
  readonly joined?: (profile: TwinProfile) => 'left' | 'right' | undefined;
}

/** Buttons of dialogs that cost and change nothing. */
const SAFE = ['match-back', 'match-bare-back', 'add-to-home-second'];

/** Holds what the twin and the scorer recorded against the truth: nothing paid, nothing wrong, nothing on a partial set. */
export class SwipeOracle {
  readonly figures: SwipeFigures = {
    right: 0,
    left: 0,
    person: 0,
    ruled: 0,
    worded: 0,
    failed: 0,
    ready: 0,
    readyOf: 0,
  };
  readonly #known = new Map<number, Known>();
  readonly #deck: TwinDeck;
  readonly #violations: Violations;
  readonly #mayBeAhead: (load: number) => boolean;
  readonly #ruled: NonNullable<SwipeOracleParts['ruled']>;
  readonly #joined: NonNullable<SwipeOracleParts['joined']>;

  constructor({ deck, violations, mayBeAhead, ruled = () => undefined, joined = () => undefined }: SwipeOracleParts) {
    this.#deck = deck;
    this.#violations = violations;
    this.#mayBeAhead = mayBeAhead;
    this.#ruled = ruled;
    this.#joined = joined;
  }

  /** The scorer answered. */
  scored({ profiles, photos, photoCount, answered, atMs }: ScoreRecord): void {
    const step = this.#deck.indexOf(profiles[0] ?? '');
    if (profiles.length !== 1 || step === undefined) {
      this.#violations.add(step, 'photos of one profile in a request', `photos of ${profiles.length}`);
      return;
    }
    const ruled = this.#ruled(this.#deck.profile(step));
    if (ruled) this.#violations.add(step, `no photos asked about: a rule says ${ruled}`, 'photos asked about');
    if (answered !== 200) return;
    const stills = stillsOf(this.#deck.profile(step));
    const known = this.#of(step);
    if (photoCount !== stills.length) {
      // More or fewer photos than it has would be a wrong question, whatever is answered.
      this.#violations.add(step, `photoCount ${stills.length}`, `photoCount ${photoCount}`);
    }
    const order = photos.map((photo) => stills.findIndex(({ id }) => id === photo));
    if (order.some((place, at) => place <= (order[at - 1] ?? -1))) {
      this.#violations.add(step, 'its stills, each once and in their order', `stills ${order.join(', ')}`);
    }
    if (photos.length === stills.length) known.completeAtMs ??= atMs;
    // One LIKE is enough, whichever it is: the surest may have been the one that did not come.
    const liked = stills.filter(({ like }) => labelOf(like, DEFAULT_THRESHOLD) === 'LIKE');
    if (liked.some(({ id }) => photos.includes(id))) known.likedAtMs ??= atMs;
  }

  /** A card came on top. */
  onTop({ top, atMs }: Top): void {
    this.#of(top).topAtMs ??= atMs;
  }

  /** Somebody did something. */
  done({ by, trusted, paid, step, over, via }: Deed): void {
    if (trusted) return;
    if (paid) this.#violations.add(step ?? undefined, 'nothing that costs money', `${by} by ${via}`);
    if (over !== null && !SAFE.includes(by)) {
      this.#violations.add(step ?? undefined, `nothing pressed under ${over}`, `${by} by ${via}`);
    }
  }

  /** A like or pass came. */
  judged({ kind, step, trusted, answered, atMs, load }: Verdict): void {
    const { figures } = this;
    if (trusted) {
      figures.person += 1;
      return;
    }
    const known = this.#of(step);
    const profile = this.#deck.profile(step);
    const ruled = this.#ruled(profile);
    const { completeAtMs = Number.POSITIVE_INFINITY, likedAtMs = Number.POSITIVE_INFINITY } = known;
    const byPhotos = truthOf(profile).swipe;
    const joined = ruled ? undefined : this.#joined(profile);
    const made = kind === 'like' ? 'right' : kind === 'pass' ? 'left' : kind;
    // Words need all photos, and a page that tells the bio. Without them, the photos decide as ever.
    const isByPhotos = made === byPhotos && (completeAtMs > atMs || !this.#mayBeAhead(load));
    const truth = ruled ?? (isByPhotos ? byPhotos : (joined ?? byPhotos));
    if (made !== truth) this.#violations.add(step, truth, made);
    const isByWords = made === joined && made !== byPhotos;
    if (isByWords) figures.worded += 1;
    if (kind === 'pass' && !ruled && completeAtMs > atMs) {
      this.#violations.add(step, 'left only with all photos scored', 'left on a partial set');
    }
    if (kind === 'like' && (isByWords ? completeAtMs : likedAtMs) > atMs) {
      this.#violations.add(step, 'right only with a LIKE scored', 'right without one');
    }
    if (answered !== 200) {
      figures.failed += 1;
      return;
    }
    known.swiped += 1;
    if (known.swiped > 1) this.#violations.add(step, 'one swipe', `${known.swiped} of them`);
    figures[kind === 'like' ? 'right' : 'left'] += 1;
    if (ruled) figures.ruled += 1;
    if (ruled || !this.#mayBeAhead(load) || known.topAtMs === undefined) return;
    figures.readyOf += 1;
    if (Math.min(completeAtMs, kind === 'like' ? likedAtMs : completeAtMs) <= known.topAtMs) figures.ready += 1;
  }

  #of(step: number): Known {
    const known = this.#known.get(step) ?? { swiped: 0 };
    this.#known.set(step, known);
    return known;
  }
}
