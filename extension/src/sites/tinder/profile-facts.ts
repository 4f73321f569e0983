import { factsIn, KM_PER_MILE } from '../dom/facts.ts';
import type { ProfileFacts } from '../site-adapter.ts';
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
  return factsIn({
    age: shown.age ?? (known?.born && ageAt(known.born, today)),
    distanceKm: known?.distanceMi === undefined ? undefined : known.distanceMi * KM_PER_MILE,
    photoCount: count.isSure ? count.most : undefined,
    bio: known?.bio ?? shown.bio,
    isVerified: known?.isVerified,
  });
}
