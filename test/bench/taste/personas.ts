import type { Label } from '@swipenet/shared/confidence.ts';
import { type Random, seededRandom, seedOf, shuffled } from '@swipenet/shared/random.ts';

/** The photos to build profiles from: the kind of each photo. A photo's number is its place in the list. */
export type PhotoKinds = readonly string[];

/** A profile, and whether its persona really likes it. */
export interface DrawnProfile {
  /** The numbers of its photos, 3 to 6 different ones. */
  readonly photos: readonly number[];
  readonly label: Label;
  /** 0 to 1. The label is recorded wrong if this is below the share of wrong labels. */
  readonly luck: number;
}

/** The profiles of a persona. No photo is in both lists. */
export interface PersonaProfiles {
  readonly training: readonly DrawnProfile[];
  readonly test: readonly DrawnProfile[];
}

/** Whose profiles to build, and how many. */
export interface Persona {
  /** A profile is liked if it shows this kind. */
  readonly kind: string;
  readonly training: number;
  readonly test: number;
  readonly seed: number;
}

/** The share of liked profiles. */
const LIKE_SHARE = 0.36;

const PHOTOS_PER_PROFILE = { fewest: 3, most: 6 };

/** The most photos of a liked profile that show the kind. The rest of them, and all other profiles, show other kinds. */
const MOST_SHOWING = 2;

/**
 * Builds a persona's profiles. The first n training profiles of a seed are the same however many there are. Test
 * profiles are drawn first and never repeat a photo. Training profiles take every remaining photo once before any photo
 * a second time.
 *
 * @throws RangeError if there are too few photos.
 */
export function personaProfiles(kinds: PhotoKinds, { kind, training, test, seed }: Persona): PersonaProfiles {
  const random = seededRandom(seedOf(seed, ...Array.from(kind, (letter) => letter.codePointAt(0)!)));
  const numbers = [...kinds.keys()];
  const [own, others] = [
    numbers.filter((photo) => kinds[photo] === kind),
    numbers.filter((photo) => kinds[photo] !== kind),
  ];
  const likes = Math.ceil(test * LIKE_SHARE);
  const fewest = PHOTOS_PER_PROFILE.most + 1;
  const [wanted, wantedOthers] = [likes * MOST_SHOWING + fewest, test * PHOTOS_PER_PROFILE.most + fewest];
  if (own.length < wanted || others.length < wantedOthers) {
    const needs = `${wanted} photos of ${kind} and ${wantedOthers} of other kinds`;
    throw new RangeError(`${test} test profiles need ${needs}, but there are ${own.length} and ${others.length}`);
  }
  const tested = draw(test, { own: dealerOf(random, own), others: dealerOf(random, others) }, random);
  const used = new Set(tested.flatMap(({ photos }) => photos));
  const unused = (photos: readonly number[]) => photos.filter((photo) => !used.has(photo));
  const rest = { own: dealerOf(random, unused(own)), others: dealerOf(random, unused(others)) };
  return { test: tested, training: draw(training, rest, random) };
}

/** Returns the first profiles as they were recorded: some with the wrong label. A higher share keeps a lower one's. */
export function recorded(profiles: readonly DrawnProfile[], size: number, wrongShare: number): DrawnProfile[] {
  return profiles.slice(0, size).map((profile) => {
    if (profile.luck >= wrongShare) return profile;
    return { ...profile, label: profile.label === 'LIKE' ? 'NOPE' : 'LIKE' };
  });
}

/** Returns the next photos, all different. */
type Dealer = (count: number) => number[];

function draw(count: number, dealers: { own: Dealer; others: Dealer }, random: Random): DrawnProfile[] {
  const { fewest, most } = PHOTOS_PER_PROFILE;
  return Array.from({ length: count }, (_, index) => {
    // Spreads likes evenly, so that the first n profiles have the same share of them for every n.
    const isLiked = Math.floor((index + 1) * LIKE_SHARE) > Math.floor(index * LIKE_SHARE);
    const size = fewest + Math.floor(random() * (most - fewest + 1));
    const showing = isLiked ? 1 + Math.floor(random() * MOST_SHOWING) : 0;
    const photos = [...dealers.own(showing), ...dealers.others(size - showing)];
    return { photos: shuffled(random, photos), label: isLiked ? 'LIKE' : 'NOPE', luck: random() };
  });
}

/** Deals photos in random order, each once before any a second time. */
function dealerOf(random: Random, photos: readonly number[]): Dealer {
  let pile = shuffled(random, photos);
  return (count) => {
    if (pile.length < count) {
      // Those that are left come first and last, so that a hand that spans two rounds has no photo twice.
      const others = photos.filter((photo) => !pile.includes(photo));
      pile = [...pile, ...shuffled(random, others), ...shuffled(random, pile)];
    }
    return pile.splice(0, count);
  };
}
