/** A photo of at least this width is what the page itself shows in a card; more would only cost time. */
const WIDTH_PX = 640;

/**
 * Picks out of an answer of `/v2/recs/…` what is needed to find a card's photos, and nothing else: id, name, birth
 * date, distance, and of each photo one URL and whether it is a video. Written without a schema, since it runs in the
 * page's world, where nothing may weigh or throw; what comes out is parsed on the other side.
 */
export function pickProfiles(answer: unknown): unknown[] {
  return list(part(part(answer, 'data'), 'results')).flatMap((result) => {
    if (part(result, 'type') !== 'user') return []; // advertisements come in between
    const user = part(result, 'user');
    return {
      id: part(user, '_id'),
      name: part(user, 'name'),
      born: part(user, 'birth_date'),
      distanceMi: part(result, 'distance_mi'),
      photos: list(part(user, 'photos')).map((photo) => ({
        video: part(photo, 'media_type') === 'video',
        url: urlOf(photo),
      })),
    };
  });
}

/** The smallest size that is wide enough, else the widest: sizes come in no order. */
function urlOf(photo: unknown): unknown {
  const sizes = list(part(photo, 'processedFiles'))
    .map((file) => ({ url: part(file, 'url'), width: part(file, 'width') }))
    .filter((size): size is { url: unknown; width: number } => typeof size.width === 'number')
    .toSorted((a, b) => a.width - b.width);
  return (sizes.find(({ width }) => width >= WIDTH_PX) ?? sizes.at(-1))?.url ?? part(photo, 'url');
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function part(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
