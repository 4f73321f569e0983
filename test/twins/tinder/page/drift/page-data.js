import { drift } from './drift.js';

/** The query that asks the API for another shape of its answer. */
export const shapeQuery = () => {
  const shape = drift.get('api-shape')?.shape;
  return shape ? `&shape=${shape}` : '';
};

/** Reads the people from an answer of any shape. */
export function readAnswer({ data, people }) {
  const results = data?.results ?? data?.users ?? people;
  return results.map((result) => {
    const { user } = result;
    return user ? { ...result, user: { ...user, photos: user.photos ?? user.media } } : result;
  });
}

/**
 * For page data that arrives after the cards: how late it is, and how it completes them. Until then a card may show only some
 * of its photos.
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
