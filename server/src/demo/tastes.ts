import { seededRandom, seedOf } from '@swipenet/shared/random.ts';
import { type PhotoPlan, showsWater } from '../pictures/draw-photo.ts';
import { BLOCK, type Profile } from './profiles.ts';

/**
 * The tastes of simulated people in photos. A person likes the profiles with at least one photo that the taste accepts.
 *
 * Each taste likes 30 to 45 % of a deck. What was too easy to recognize isn't a taste: forests, tables and the sea alone.
 */
const ACCEPTS = {
  /** A lake or the sea, at any time of day. */
  water: showsWater,
  /** After sunset, with or without a lake. */
  evening: ({ scene }) => scene === 'dusk',
  /** Open country by day, without water. */
  country: ({ scene }) => scene === 'land',
} as const satisfies Record<string, (photo: PhotoPlan) => boolean>;

type PhotoTaste = keyof typeof ACCEPTS;

/** The tastes that photos show. */
export const TASTES = Object.keys(ACCEPTS) as [PhotoTaste, ...PhotoTaste[]];

/** The tastes that only bios show. The photos say nothing about them. */
const READS = {
  /** Walks, mountains, swimming and trees. */
  outdoors: (bio) => /\b(?:walks|mountains|swimming|trees)\b/.test(bio),
} as const satisfies Record<string, (bio: string) => boolean>;

type BioTaste = keyof typeof READS;

export const BIO_TASTES = Object.keys(READS) as [BioTaste, ...BioTaste[]];

export type Taste = PhotoTaste | BioTaste;

/** A simulated person. */
export interface SimulatedPerson {
  readonly taste: Taste;
  /** After this many profiles, the person likes exactly the others. Never if undefined. */
  readonly drift?: number | undefined;
}

/** Returns whether a person really likes the profile at a place in the deck. */
export function likes({ taste, drift }: SimulatedPerson, place: number, { photos, bio }: Profile): boolean {
  const hasDrifted = drift !== undefined && place >= drift;
  return (isOfBios(taste) ? READS[taste](bio) : photos.some(ACCEPTS[taste])) !== hasDrifted;
}

const isOfBios = (taste: Taste): taste is BioTaste => taste in READS;

/** Returns whether a person would swipe right on each profile of a deck. In every 20 profiles, one answer is a mistake. */
export function answersOf(person: SimulatedPerson, seed: number, profiles: readonly Profile[]): boolean[] {
  return profiles.map((profile, place) => likes(person, place, profile) !== isMistake(seed, place));
}

function isMistake(seed: number, place: number): boolean {
  const random = seededRandom(seedOf(seed, Math.floor(place / BLOCK), 3));
  return place % BLOCK === Math.floor(random() * BLOCK);
}
