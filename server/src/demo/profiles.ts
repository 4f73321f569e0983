import { between, pick, type Random, seededRandom, seedOf, shuffled } from '@swipenet/shared/random.ts';
import type { PhotoPlan } from '../pictures/draw-photo.ts';
import { PORTRAITS } from '../pictures/portrait.ts';
import { QUALITY_KINDS, qualityPhotos } from './quality-photos.ts';
import { THEMES_OF_TWENTY, themedPhotos } from './themed-photos.ts';
import { ENDINGS, LIKES, NAMES, TRADES } from './words.ts';

/** An invented person on the demo page. */
export interface Profile {
  /** Unique among all decks, so that swipes of two people never mix. */
  readonly id: string;
  readonly name: string;
  readonly age: number;
  readonly bio: string;
  /** As the page shows it: `12 km`, or miles on the decks of even seeds. Absent if the person hides it. */
  readonly distance?: string;
  readonly isVerified: boolean;
  /** Whether a like makes a match. */
  readonly likesBack: boolean;
  readonly photos: readonly PhotoPlan[];
}

/**
 * What the photos of a deck differ in: in how well they were taken, which the embedded quality model judges, or in what
 * they show, which a simulated person judges.
 */
export type DeckKind = 'quality' | 'themes';

/** A deck's profiles are dealt in blocks of this size, each with the same mixture. */
export const BLOCK = 20;

export const MAX_PROFILES = 1000;

/** How to deal photos. */
interface Dealing {
  /** The first letter of its profiles' IDs. */
  readonly letter: string;
  /** Plans the photos of the profile at `place` of a block. `order` is the block's random numbers. */
  readonly photos: (order: Random, place: number) => (random: Random, portrait: number) => PhotoPlan[];
}

const DEALINGS: Record<DeckKind, Dealing> = {
  quality: dealing('p', QUALITY_KINDS, qualityPhotos),
  themes: dealing('t', THEMES_OF_TWENTY, themedPhotos),
};

/** Deals each kind of a block once, in random order. */
function dealing<Kind>(
  letter: string,
  kinds: readonly Kind[],
  plan: (kind: Kind, random: Random, portrait: number) => PhotoPlan[],
): Dealing {
  return {
    letter,
    photos: (order, place) => {
      const kind = shuffled(order, kinds)[place]!;
      return (random, portrait) => plan(kind, random, portrait);
    },
  };
}

/** Returns the first profiles of a seed's deck. */
export function profilesOf(seed: number, count: number, kind: DeckKind = 'quality'): Profile[] {
  return Array.from({ length: count }, (_, index) => profileAt(DEALINGS[kind], seed, index));
}

/** Returns the profile with an ID, or `undefined` if no deck has it. */
export function profileOf(id: string): Profile | undefined {
  const [, letter, seed, index] = /^([a-z])(\d{1,10})-(\d{1,3})$/.exec(id) ?? [];
  const found = Object.values(DEALINGS).find((dealing) => dealing.letter === letter);
  if (!found || Number(seed) >= 2 ** 32 || Number(index) >= MAX_PROFILES) return undefined;
  const profile = profileAt(found, Number(seed), Number(index));
  return profile.id === id ? profile : undefined; // not with leading zeros
}

function profileAt({ letter, photos }: Dealing, seed: number, index: number): Profile {
  const place = index % BLOCK;
  const order = seededRandom(seedOf(seed, Math.floor(index / BLOCK), 1));
  const plan = photos(order, place);
  const name = shuffled(order, NAMES)[place]!;
  const random = seededRandom(seedOf(seed, index, 2));
  return {
    id: `${letter}${seed}-${index}`,
    name,
    age: Math.floor(between(random, 21, 58)),
    bio: `${pick(random, TRADES)}. I like ${pick(random, LIKES)}. ${pick(random, ENDINGS)}`,
    ...whereabouts(seed, index),
    likesBack: random() < 0.3,
    photos: plan(random, portraitAt(seed, index)),
  };
}

/** Returns the portrait of a profile. No two of {@link PORTRAITS} profiles in a row share one. */
function portraitAt(seed: number, index: number): number {
  const order = seededRandom(seedOf(seed, Math.floor(index / PORTRAITS), 4));
  const numbers = Array.from({ length: PORTRAITS }, (_, number) => number);
  return shuffled(order, numbers)[index % PORTRAITS]!;
}

/** It has random numbers of its own, so that it doesn't change the rest of a seed's deck. */
function whereabouts(seed: number, index: number): Pick<Profile, 'distance' | 'isVerified'> {
  const random = seededRandom(seedOf(seed, index, 5));
  const isVerified = random() < 0.6;
  if (random() < 0.1) return { isVerified };
  const km = Math.round(between(random, 1, 80));
  const miles = Math.max(1, Math.round(km / 1.609344));
  return { isVerified, distance: seed % 2 === 1 ? `${km} km` : `${miles} ${miles === 1 ? 'mile' : 'miles'}` };
}
