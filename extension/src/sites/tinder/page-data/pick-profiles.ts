/** The page shows photos at least this wide in its cards. Anything wider only takes longer to load. */
const WIDTH_PX = 640;

/**
 * Picks only what is needed from a `/v2/recs/…` response: what finds a card's photos (ID, name, birth date, and for each
 * photo one URL and whether it is a video), and what rules look at (distance, bio, and whether the person is verified). It uses no schema, because code in the page's world must be small
 * and never throw. The adapter parses the result.
 */
export function pickProfiles(answer: unknown): unknown[] {
  return list(part(part(answer, 'data'), 'results')).flatMap((result) => {
    if (part(result, 'type') !== 'user') return []; // skip ads
    const user = part(result, 'user');
    return {
      id: part(user, '_id'),
      name: part(user, 'name'),
      born: part(user, 'birth_date'),
      distanceMi: part(result, 'distance_mi'),
      bio: part(user, 'bio'),
      verified: verified(part(user, 'badges')),
      photos: list(part(user, 'photos')).map((photo) => ({
        video: part(photo, 'media_type') === 'video',
        url: urlOf(photo),
      })),
    };
  });
}

/** Returns the smallest size that is wide enough, or else the widest. The sizes aren't sorted. */
function urlOf(photo: unknown): unknown {
  const sizes = list(part(photo, 'processedFiles'))
    .map((file) => ({ url: part(file, 'url'), width: part(file, 'width') }))
    .filter((size): size is { url: unknown; width: number } => typeof size.width === 'number')
    .toSorted((a, b) => a.width - b.width);
  return (sizes.find(({ width }) => width >= WIDTH_PX) ?? sizes.at(-1))?.url ?? part(photo, 'url');
}

/** Seen in a response: an empty list. The names of badges are from public code, such as `selfie_verified`. */
function verified(badges: unknown): boolean | undefined {
  if (!Array.isArray(badges)) return undefined;
  return badges.some((badge) => {
    const type = part(badge, 'type');
    return typeof type === 'string' && type.endsWith('verified');
  });
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function part(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
