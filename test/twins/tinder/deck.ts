import type { TwinPlan } from './plans.ts';
import {
  DEFAULT_RATES,
  indexOfProfile,
  type ProfileRates,
  placeOfToken,
  type TwinProfile,
  twinProfile,
} from './profiles.ts';
import { BATCH, type RecsAnswer, recsAnswer } from './recs.ts';

/** What a deck is made of. */
export interface DeckOptions {
  readonly seed: number;
  /** Profiles in all. */
  readonly profiles: number;
  /** The day on which the ages hold. */
  readonly today: Date;
  readonly rates: ProfileRates;
  readonly plan: (index: number) => TwinPlan;
  /** Photos without bytes, whatever the rates: the position of the profile, and which of its photos (counted around). */
  readonly dead?: readonly { readonly at: number; readonly photo: number }[];
}

/** The server's side of the deck: who is dealt next, and who was judged. */
export class TwinDeck {
  readonly #options: DeckOptions;
  readonly #judged = new Set<number>();
  readonly #failed = new Map<number, number>();
  #next = 0;
  readonly #dealt: TwinProfile[][] = [];

  constructor({ rates, ...options }: Omit<DeckOptions, 'rates'> & { rates: Partial<ProfileRates> }) {
    this.#options = { ...options, rates: { ...DEFAULT_RATES, ...rates } };
  }

  /** The profile at a position. */
  profile(index: number): TwinProfile {
    const profile = twinProfile(this.#options.seed, index, this.#options);
    const dead = (this.#options.dead ?? []).flatMap(({ at, photo }) =>
      at === index ? [photo % profile.photos.length] : [],
    );
    if (dead.length === 0) return profile;
    const photos = profile.photos.map((photo, at) =>
      dead.includes(at) ? { ...photo, trouble: 'dead' as const } : photo,
    );
    return { ...profile, photos };
  }

  /** The position of a profile's id; undefined for one that is not in the deck. */
  indexOf(id: string): number | undefined {
    const index = this.placeOf(id);
    return index === undefined || index >= this.#options.profiles ? undefined : index;
  }

  /** The position of a profile's id, also of one behind the deck's end: of somebody matched before. */
  placeOf(id: string): number | undefined {
    return indexOfProfile(this.#options.seed, id);
  }

  /** Where a photo's token belongs. */
  placeOfToken(token: string): { profile: number; photo: number } | undefined {
    return placeOfToken(this.#options.seed, token);
  }

  /** A page was loaded: dealing begins again, with those who were not judged, from a position on. */
  begin(from = 0): void {
    this.#next = from;
    this.#dealt.length = 0;
  }

  /** The next answer of recs; without results at the end. */
  deal(): RecsAnswer {
    const dealt: TwinProfile[] = [];
    while (dealt.length < BATCH && this.#next < this.#options.profiles) {
      if (!this.#judged.has(this.#next)) dealt.push(this.profile(this.#next));
      this.#next += 1;
    }
    this.#dealt.push(dealt);
    return recsAnswer(dealt);
  }

  /** An answer once more, counted from 0 since the page was loaded. */
  dealAgain(answer: number): RecsAnswer {
    return recsAnswer(this.#dealt[answer] ?? []);
  }

  /** The plans of some profiles, by id, each with its position. */
  plans(ids: readonly string[]): Record<string, TwinPlan & { index: number }> {
    return Object.fromEntries(
      ids.flatMap((id) => {
        const index = this.indexOf(id);
        return index === undefined ? [] : [[id, { index, ...this.#options.plan(index) }]];
      }),
    );
  }

  /** Takes a verdict, or fails as planned; gives the status of the answer, 0 for none. */
  judge(index: number | undefined): number {
    if (index === undefined) return 404;
    const { callFails } = this.#options.plan(index);
    const failed = this.#failed.get(index) ?? 0;
    if (callFails && failed < callFails.times) {
      this.#failed.set(index, failed + 1);
      return callFails.status;
    }
    this.#judged.add(index);
    return 200;
  }

  /** Takes a swipe back. Returns the profile's position, or undefined if it hasn't been swiped. */
  takeBack(id: string): number | undefined {
    const index = this.indexOf(id);
    return index !== undefined && this.#judged.delete(index) ? index : undefined;
  }

  /** How many were judged. */
  get judged(): number {
    return this.#judged.size;
  }

  /** How late the answer to a verdict is, in milliseconds. */
  callDelayMs(index: number | undefined): number {
    return index === undefined ? 0 : (this.#options.plan(index).callDelayMs ?? 0);
  }

  /** Does a like make a match? */
  likesBack(index: number): boolean {
    return this.#options.plan(index).afterLike?.startsWith('match') ?? false;
  }
}
