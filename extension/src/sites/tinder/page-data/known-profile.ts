import { array, boolean, object, optional, string, tryParse, unknown } from '../../../parse.ts';
import type { PagePhoto } from '../../site-adapter.ts';
import { photoToken } from '../anchors.ts';
import type { CardText } from '../surface.ts';

/** How many UTF-16 units of a bio are kept. A site allows fewer. */
const MAX_BIO = 5_000;

/** What the observer picked from one profile. If any part is invalid, the whole profile is dropped. */
const parsePicked = object({
  id: string(1, 200),
  name: string(),
  born: unknown,
  distanceMi: unknown,
  bio: unknown,
  verified: unknown,
  photos: array(object({ video: boolean, url: optional(string(0, 4_000)) }), 100),
});

/** A profile from the page's own data. */
export interface KnownProfile {
  readonly id: string;
  readonly name: string;
  readonly born: Date | undefined;
  readonly distanceMi: number | undefined;
  readonly bio: string | undefined;
  readonly isVerified: boolean | undefined;
  readonly photos: readonly PagePhoto[];
  /** The tokens of its photos and videos, which identify its card. */
  readonly tokens: ReadonlySet<string>;
}

/**
 * Parses what the observer picked. Undefined if it is invalid: for example, a photo whose URL isn't the photo host's.
 */
export function parseProfile(picked: unknown): KnownProfile | undefined {
  const parsed = tryParse(parsePicked, picked);
  if (!parsed) return undefined;
  const { id, name, born, distanceMi, bio, verified, photos } = parsed;
  const tokens = photos.flatMap(({ url }) => photoToken(url ?? '') ?? []);
  const isComplete = photos.every(({ url, video }) => video || photoToken(url ?? '') !== undefined);
  if (!isComplete || new Set(tokens).size !== tokens.length) return undefined;
  const date = new Date(typeof born === 'string' ? born : '');
  return {
    id,
    name,
    born: Number.isNaN(date.getTime()) ? undefined : date,
    distanceMi: typeof distanceMi === 'number' ? distanceMi : undefined,
    bio: typeof bio === 'string' ? bio.slice(0, MAX_BIO) : undefined,
    isVerified: typeof verified === 'boolean' ? verified : undefined,
    photos: photos.map(({ url = '', video }) => (video ? { missing: 'video' } : { url })),
    tokens: new Set(tokens),
  };
}

/**
 * Returns whether a card's text fits this profile. The name must match. The age may be off by a year, since the site
 * blurs birth dates. An age that the card doesn't show isn't evidence against it.
 */
export function fitsText(profile: KnownProfile, { name, age }: CardText, today: Date): boolean {
  if (name === undefined || name !== profile.name.trim()) return false;
  return age === undefined || !profile.born || Math.abs(ageAt(profile.born, today) - age) <= 1;
}

/** Returns the age in years on a day. */
export function ageAt(born: Date, today: Date): number {
  const before =
    today.getMonth() < born.getMonth() || (today.getMonth() === born.getMonth() && today.getDate() < born.getDate());
  return today.getFullYear() - born.getFullYear() - (before ? 1 : 0);
}
