import { factsIn, KM_PER_MILE } from '../dom/facts.ts';
import type { ProfileFacts, UpcomingProfile } from '../site-adapter.ts';
import { ageAt, type KnownProfile } from './page-data/known-profile.ts';
import type { PhotoCount } from './photos.ts';
import type { CardText } from './surface.ts';

/** Returns what a card, and its profile in the page's own data if it is known, say about a person. */
export function profileFacts(
  shown: CardText,
  count: PhotoCount,
  known: KnownProfile | undefined,
  today: Date,
): ProfileFacts {
  return factsOf(shown.age ?? (known?.born && ageAt(known.born, today)), known?.bio ?? shown.bio, count, known);
}

/**
 * Returns what is known of a profile before its card is on top. The site blurs birth dates, so the card may show an age
 * that is a year off.
 */
export function upcomingProfile(known: KnownProfile, today: Date): UpcomingProfile {
  const { id, photos, born } = known;
  const count = { isSure: true, most: photos.length };
  const ages = born ? [-1, 0, 1].map((off) => ageAt(born, today) + off) : [undefined];
  return { id, photos, facts: ages.map((age) => factsOf(age, known.bio, count, known)) };
}

function factsOf(
  age: number | undefined,
  bio: string | undefined,
  count: Pick<PhotoCount, 'isSure' | 'most'>,
  known: KnownProfile | undefined,
): ProfileFacts {
  return factsIn({
    age,
    distanceKm: known?.distanceMi === undefined ? undefined : known.distanceMi * KM_PER_MILE,
    photoCount: count.isSure ? count.most : undefined,
    bio,
    isVerified: known?.isVerified,
  });
}
