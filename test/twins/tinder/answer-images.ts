import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { TwinPhoto, TwinProfile } from './profiles.ts';
import { widthOfFile } from './recs.ts';
import type { TwinWorld } from './world.ts';

/** Photos that failed once already, by who asked: the page's own try must not use up the worker's. */
const failedOnce = new WeakMap<TwinWorld, Set<string>>();

/**
 * `images-ssl.gotinder.com`: photos, with the trouble that they have. JPEG bytes whatever the name ends on: browsers and
 * servers go by the bytes.
 */
export async function answerImages(
  world: TwinWorld,
  request: IncomingMessage,
  url: URL,
  response: ServerResponse,
): Promise<void> {
  const found = photoAt(world, url);
  if (!found) return;
  const { profile, photo, width } = found;
  if (!photo || width === undefined) return void response.writeHead(403).end();
  if (request.headers['sec-fetch-dest'] === 'empty') world.onMoment?.({ what: 'photo', step: profile.index });
  if (photo.trouble === 'dead') return void response.writeHead(profile.index % 2 ? 404 : 500).end();
  if (photo.trouble === 'flaky' && isFirst(world, `${photo.token} ${request.headers['sec-fetch-dest']}`)) {
    return void response.writeHead(503, { 'Cache-Control': 'no-store' }).end();
  }
  if (photo.trouble === 'slow') await delay(world.slowMs);
  const bytes = await world.bytes.of({ profile: profile.id, photo: photo.id, like: photo.like, width });
  response.setHeader('Set-Cookie', 'edge=of-the-twin; Path=/; Secure; SameSite=None'); // who sends it back is seen
  response.writeHead(200, { 'Content-Type': 'image/jpeg', 'Cache-Control': 'private, max-age=3600' }).end(bytes);
}

/**
 * Whose photo is at an address, of either form, and how wide; undefined where nobody's could be. What is refused has no photo
 * or no width: an unsigned request of the newer form, as the real host does, and a video, which nobody needs.
 */
function photoAt(
  { deck }: TwinWorld,
  { pathname, searchParams }: URL,
): { profile: TwinProfile; photo: TwinPhoto | undefined; width: number | undefined } | undefined {
  const [, folder = '', second = '', third = ''] = pathname.split('/');
  if (folder === 'u') {
    const place = deck.placeOfToken(second);
    if (!place) return undefined;
    const profile = deck.profile(place.profile);
    const photo = searchParams.has('Signature') ? profile.photos[place.photo] : undefined;
    return { profile, photo, width: widthOfFile(third) };
  }
  const index = deck.placeOf(folder);
  if (index === undefined) return undefined;
  const profile = deck.profile(index);
  const photo = profile.photos.find(({ id }) => second.includes(id));
  return { profile, photo, width: widthOfFile(second) };
}

function isFirst(world: TwinWorld, who: string): boolean {
  const seen = failedOnce.get(world) ?? new Set<string>();
  failedOnce.set(world, seen);
  if (seen.has(who)) return false;
  seen.add(who);
  return true;
}
