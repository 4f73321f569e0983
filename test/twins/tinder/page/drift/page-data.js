import { drift } from './drift.js';

/** How the answer's shape is asked for; the API changes it as it answers. */
export const shapeQuery = () => {
  const shape = drift.get('api-shape')?.shape;
  return shape ? `&shape=${shape}` : '';
};

/** The people of an answer, whatever its shape: the page goes with its API. */
export function readAnswer({ data, people }) {
  const results = data?.results ?? data?.users ?? people;
  return results.map((result) => {
    const { user } = result;
    return user ? { ...result, user: { ...user, photos: user.photos ?? user.media } } : result;
  });
}

/**
 * Where the page's own data comes after its cards: how late, and what it completes. Until then a card may show fewer photos
 * than its person has.
 */
export function lateData(entries) {
  const change = drift.get('late-data');
  if (!change) return undefined;
  const whole = entries.map(({ profile }) => profile.photos);
  if (change.share < 1) {
    for (const entry of entries) {
      const { photos } = entry.profile;
      entry.profile = {
        ...entry.profile,
        photos: photos.slice(0, Math.max(1, Math.ceil(photos.length * change.share))),
      };
    }
  }
  return {
    afterMs: change.afterMs,
    complete() {
      if (!change.grows) return;
      for (const [at, entry] of entries.entries()) entry.profile = { ...entry.profile, photos: whole[at] };
    },
  };
}
