import { IncomingMessage } from 'node:http';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { OIP_LIMITS } from '@swipenet/shared/contract/oip.ts';
import type { RouteName } from '@swipenet/shared/contract/routes.ts';
import { SCORE_LIMITS } from '@swipenet/shared/contract/score.ts';
import { IMPORT_LIMITS } from '@swipenet/shared/contract/studio/imports.ts';
import { MAX_MODEL_BYTES } from '@swipenet/shared/contract/studio/models.ts';
import { MAX_NUMBERS_BYTES } from '@swipenet/shared/contract/studio/photos.ts';
import { CROP_SIZE } from '@swipenet/shared/photo.ts';
import type { Context, MiddlewareHandler } from 'hono';
import { FairShares } from '../../fairness/fair-shares.ts';
import type { AppDependencies, AppEnv } from '../dependencies.ts';
import { MAX_JSON_BYTES } from '../form/json-body.ts';
import { bodyTooLarge, boundedBody, type MinRate } from './bounded-body.ts';

/** The maximum number of photos at their maximum size, plus the multipart overhead. */
const MAX_PHOTOS_BODY_BYTES = SCORE_LIMITS.maxPhotos * SCORE_LIMITS.maxPhotoBytes + 64 * 1024;

/** The limits of all bodies together, and of how slow one may be. */
export interface BodyLimits {
  /**
   * Bytes of bodies with photos in memory at once. Half of them are the owner's (fairness/fair-shares.ts).
   */
  readonly bytesAtOnce: number;
  /** A body that trickles more slowly would hold its memory for as long as a request may take. */
  readonly minRate: MinRate;
}

/** So a single device has room for one body of the maximum size. */
const GREED = 4;

/** The slowest that a body may be is 8 KB per second. */
export const BODY_LIMITS: BodyLimits = { bytesAtOnce: 512_000_000, minRate: { bytes: 40_000, windowMs: 5_000 } };

/** How much of a body may be the framing of chunks, besides as much as the body itself: that of a small body in single bytes. */
const MAX_FRAMING_BYTES = 64 * 1024;

/** The maximum number of photos as the network sees them, after as much JSON as there may be. */
const MAX_TENSORS_BODY_BYTES = OIP_LIMITS.maxPhotos * CROP_SIZE ** 2 + OIP_LIMITS.maxJsonBytes;

/** The sizes of other bodies, which go to disk while they arrive. What isn't here is JSON. */
const MAX_FILE_BYTES: Partial<Record<RouteName, number>> = {
  studioModelImport: MAX_MODEL_BYTES,
  studioImportFiles: IMPORT_LIMITS.bytesAtOnce,
  studioRelabel: MAX_NUMBERS_BYTES,
};

/** The sizes of bodies with photos. */
const MAX_BYTES_WITH_PHOTOS: Partial<Record<RouteName, number>> = {
  score: MAX_PHOTOS_BODY_BYTES,
  swipes: MAX_PHOTOS_BODY_BYTES,
  studioLayers: SCORE_LIMITS.maxPhotoBytes,
  oipInfer: MAX_TENSORS_BODY_BYTES,
};

/**
 * Returns a guard for each route, which lets the handler read the body within its limits: in size and rate, and for
 * bodies with photos in the memory that all of them take. Bytes count when they arrive, until the request is answered.
 *
 * @throws SwipenetError `body_too_large` before reading, if the request announces it. While the body is read, `queue_full`
 *   and what {@link boundedBody} throws.
 */
export function bodyGuards(
  { deadline }: Pick<AppDependencies, 'deadline'>,
  { bytesAtOnce, minRate } = BODY_LIMITS,
): (route: RouteName) => MiddlewareHandler<AppEnv> {
  const memory = new FairShares(bytesAtOnce, { greed: GREED });
  return (route) => {
    const hasPhotos = route in MAX_BYTES_WITH_PHOTOS;
    const maxBytes = MAX_BYTES_WITH_PHOTOS[route] ?? MAX_FILE_BYTES[route] ?? MAX_JSON_BYTES;
    return async (context, next) => {
      const announced = Number(context.req.header('Content-Length') ?? 0);
      if (announced > maxBytes) throw bodyTooLarge(maxBytes);
      const caller = context.get('caller');
      if (hasPhotos && !memory.hasRoom(caller, announced)) throw memoryFull();
      let kept = 0;
      const keep = (bytes: number) => {
        if (!hasPhotos) return;
        if (!memory.take(caller, bytes)) throw memoryFull();
        kept += bytes;
      };
      context.set('body', boundedBody(chunksOf(context), { maxBytes, minRate, keep, deadline }));
      try {
        await next();
      } finally {
        memory.release(caller, kept);
      }
    };
  };
}

const memoryFull = () =>
  new SwipenetError('queue_full', 'the photos of other requests fill the server’s memory; retry later');

/** Returns a request's body as it arrives. Leaving it early keeps the connection open for the response. */
function chunksOf(context: Context<AppEnv>): AsyncIterable<Uint8Array> {
  const incoming = context.env?.incoming;
  // A web stream would pass on each tiny chunk by itself, which is slow. Node joins those that have arrived.
  if (incoming instanceof IncomingMessage)
    return withoutTinyChunks(incoming, () => context.header('Connection', 'close'));
  return (context.req.raw.body ?? new Blob().stream()).values({ preventCancel: true });
}

/**
 * Passes a body on unless its chunks are so small that most of what arrives frames them. Node takes about 5 µs for each
 * chunk, so chunks of one byte could keep the server busy with a slow connection.
 *
 * @param close has the connection closed with the response, because even skipping the rest takes that time.
 */
async function* withoutTinyChunks(incoming: IncomingMessage, close: () => void): AsyncGenerator<Uint8Array> {
  const { socket } = incoming;
  const start = socket.bytesRead;
  let received = 0;
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    received += chunk.length;
    if (!incoming.complete && socket.bytesRead - start > 2 * received + MAX_FRAMING_BYTES) {
      close();
      throw new SwipenetError('body_malformed', 'the chunks of the body are too small');
    }
    yield chunk;
  }
}
