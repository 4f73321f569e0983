import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { placeOfToken } from './profiles.ts';
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
  const [, folder, token = '', file = ''] = url.pathname.split('/');
  const place = folder === 'u' ? placeOfToken(world.seed, token) : undefined;
  if (!place) return;
  const width = widthOfFile(file);
  // Unsigned requests are refused, as the real host does; so are those for a video, which nobody needs.
  if (!url.searchParams.has('Signature') || width === undefined) return void response.writeHead(403).end();
  const profile = world.deck.profile(place.profile);
  const photo = profile.photos[place.photo];
  if (!photo) return void response.writeHead(403).end();
  if (request.headers['sec-fetch-dest'] === 'empty') world.onMoment?.({ what: 'photo', step: place.profile });
  if (photo.trouble === 'dead') return void response.writeHead(place.profile % 2 ? 404 : 500).end();
  if (photo.trouble === 'flaky' && isFirst(world, `${token} ${request.headers['sec-fetch-dest']}`)) {
    return void response.writeHead(503, { 'Cache-Control': 'no-store' }).end();
  }
  if (photo.trouble === 'slow') await delay(world.slowMs);
  const bytes = await world.bytes.of({ profile: profile.id, photo: photo.id, like: photo.like, width });
  response.setHeader('Set-Cookie', 'edge=of-the-twin; Path=/; Secure; SameSite=None'); // who sends it back is seen
  response.writeHead(200, { 'Content-Type': 'image/jpeg', 'Cache-Control': 'private, max-age=3600' }).end(bytes);
}

function isFirst(world: TwinWorld, who: string): boolean {
  const seen = failedOnce.get(world) ?? new Set<string>();
  failedOnce.set(world, seen);
  if (seen.has(who)) return false;
  seen.add(who);
  return true;
}
