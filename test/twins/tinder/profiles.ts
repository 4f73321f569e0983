import { DEFAULT_THRESHOLD } from '@swipenet/shared/confidence.ts';
import { ARTICLE_RULE, type Decision, type DecisionRule, decide } from '@swipenet/shared/decision.ts';
import { between, pick, type Random, seededRandom, seedOf, shuffled } from '@swipenet/shared/random.ts';
import { BIOS, NAMES } from './words.ts';

/** What is wrong with a photo's bytes: they come late, fail the first time, or never come. */
export type Trouble = 'slow' | 'flaky' | 'dead';

/** One photo or video of a profile. */
export interface TwinPhoto {
  readonly id: string;
  /** The part of its URLs that all its sizes share. */
  readonly token: string;
  readonly video: boolean;
  /** Its addresses are of the older form. */
  readonly older: boolean;
  /** The truth: what the stub scorer answers for it, 0 to 1. */
  readonly like: number;
  readonly trouble: Trouble | undefined;
}

/** An invented person of the twin. */
export interface TwinProfile {
  /** The position in the deck, from 0. */
  readonly index: number;
  readonly id: string;
  readonly name: string;
  /** ISO 8601, as the API says it; `age` is what it makes of it today. */
  readonly birthDate: string;
  readonly age: number;
  readonly bio: string;
  readonly isVerified: boolean;
  /** Miles. */
  readonly distance: number;
  readonly serial: number;
  readonly photos: readonly TwinPhoto[];
}

/** How often, from 0 to 1, something comes up. */
export interface ProfileRates {
  /** Profiles with a video among their photos. */
  readonly video: number;
  /** Profiles that are videos and nothing else. */
  readonly videoOnly: number;
  /** Profiles with photos at addresses of the older form, most of theirs or all. */
  readonly older: number;
  /** Profiles with name and age of the one before: an identity made of these alone takes them for one. */
  readonly namesake: number;
  /** Photos, of each {@link Trouble}. */
  readonly slow: number;
  readonly flaky: number;
  readonly dead: number;
  /** As many photos as any number (`even`), or few more often than many: what costs time is their number. */
  readonly photos: 'even' | 'few';
}

/** How the profiles of a deck come about. */
export interface ProfileOptions {
  /** The day on which `age` holds. */
  readonly today: Date;
  readonly rates: ProfileRates;
}

/** No trouble, some videos, and namesakes now and then. */
export const DEFAULT_RATES: ProfileRates = {
  video: 0.12,
  videoOnly: 0,
  older: 0.15,
  namesake: 0.06,
  slow: 0,
  flaky: 0,
  dead: 0,
  photos: 'even',
};

/** The most photos of a profile, which is what the site allows. */
export const MAX_PHOTOS = 9;

/** The profile at a position of a seed's deck. */
export function twinProfile(seed: number, index: number, { today, rates }: ProfileOptions): TwinProfile {
  const random = seededRandom(seedOf(seed, index, 1));
  const { name, age } = nameAndAge(seed, index, rates.namesake);
  return {
    index,
    id: profileId(seed, index),
    name,
    age,
    birthDate: bornSoLongAgo(today, age, random),
    bio: pick(random, BIOS),
    isVerified: seededRandom(seedOf(seed, index, 8))() < 0.6,
    distance: 1 + Math.floor(between(random, 0, 40)),
    serial: seedOf(seed, index, 2),
    photos: photosOf(seed, index, random, rates),
  };
}

/** The photos that the scorer is to see: videos are none. */
export function stillsOf({ photos }: TwinProfile): TwinPhoto[] {
  return photos.filter(({ video }) => !video);
}

/** What becomes of a profile by a rule when every photo that can be had was seen. */
export function truthOf(profile: TwinProfile, rule: DecisionRule = ARTICLE_RULE): Decision {
  const stills = stillsOf(profile);
  const likes = stills.map(({ like, trouble }) => (trouble === 'dead' ? null : like));
  return decide({ likes, photoCount: stills.length, rule });
}

/** The position of a profile, undefined where the id is none of this seed's. */
export function indexOfProfile(seed: number, id: string): number | undefined {
  const index = Number.parseInt(id.slice(-6), 16);
  return Number.isNaN(index) || profileId(seed, index) !== id ? undefined : index;
}

/** Where a photo's token belongs, undefined where it is none of this seed's. */
export function placeOfToken(seed: number, token: string): { profile: number; photo: number } | undefined {
  const place = Number.parseInt(token.slice(-5), 36);
  const profile = Math.floor(place / MAX_PHOTOS);
  const photo = place % MAX_PHOTOS;
  return Number.isNaN(place) || tokenOf(seed, profile, photo) !== token ? undefined : { profile, photo };
}

// The ends of ids and tokens tell the position, so that the server needs no memory of whom it has dealt.

const profileId = (seed: number, index: number) =>
  hex(seededRandom(seedOf(seed, index, 3)), 18) + index.toString(16).padStart(6, '0');

function tokenOf(seed: number, profile: number, photo: number): string {
  const random = seededRandom(seedOf(seed, profile, photo, 4));
  const start = Array.from({ length: 17 }, () => Math.floor(random() * 36).toString(36));
  return start.join('') + (profile * MAX_PHOTOS + photo).toString(36).padStart(5, '0');
}

/** Lower-case hexadecimal digits. */
function hex(random: Random, length: number): string {
  return Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
}

function nameAndAge(seed: number, index: number, namesake: number): { name: string; age: number } {
  const random = seededRandom(seedOf(seed, index, 5));
  if (index > 0 && random() < namesake) return nameAndAge(seed, index - 1, namesake);
  return { name: pick(random, NAMES), age: Math.floor(between(random, 21, 33)) };
}

/** A date of birth that makes this age, two days or more from a birthday: the browser's clock may be past midnight. */
function bornSoLongAgo(today: Date, age: number, random: Random): string {
  const born = new Date(today);
  born.setUTCFullYear(born.getUTCFullYear() - age);
  born.setUTCDate(born.getUTCDate() - Math.floor(between(random, 2, 360)));
  return `${born.toISOString().slice(0, 10)}T00:00:00.000Z`;
}

function photosOf(seed: number, index: number, random: Random, rates: ProfileRates): TwinPhoto[] {
  const place = random();
  const count = 1 + Math.floor((rates.photos === 'few' ? place ** 2 : place) * MAX_PHOTOS);
  const video = count > 1 && random() < rates.video ? Math.floor(random() * count) : -1;
  const likes = likesOf(random, video === -1 ? count : count - 1);
  const chance = seededRandom(seedOf(seed, index, 7));
  const onlyVideos = chance() < rates.videoOnly;
  const older = chance() < rates.older;
  return Array.from({ length: count }, (_, at) => {
    const isVideo = at === video || onlyVideos;
    return {
      id: `${hex(random, 8)}-${hex(random, 4)}-${hex(random, 4)}-8${hex(chance, 3)}-${hex(random, 12)}`,
      token: tokenOf(seed, index, at),
      video: isVideo,
      older: older && chance() < 0.7,
      // Nobody is to look at a video's stills; who does finds nothing to like.
      like: isVideo ? 0.01 : likes.pop()!,
      trouble: troubleOf(random(), rates),
    };
  });
}

/** Half of the profiles have a LIKE among their photos, some of them exactly at the threshold. */
function likesOf(random: Random, count: number): number[] {
  const liked = random() < 0.5 ? 1 + Math.floor(random() * Math.min(3, count)) : 0;
  const likes = Array.from({ length: count }, (_, at) => {
    if (at >= liked) return between(random, 0.001, DEFAULT_THRESHOLD - 0.001);
    return random() < 0.05 ? DEFAULT_THRESHOLD : between(random, DEFAULT_THRESHOLD, 0.999);
  });
  return shuffled(random, likes).map((like) => Math.round(like * 10_000) / 10_000);
}

function troubleOf(drawn: number, { slow, flaky, dead }: ProfileRates): Trouble | undefined {
  if (drawn < slow) return 'slow';
  if (drawn < slow + flaky) return 'flaky';
  return drawn < slow + flaky + dead ? 'dead' : undefined;
}
