import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { RouteName } from '@swipenet/shared/contract/routes.ts';
import { SCORE_LIMITS } from '@swipenet/shared/contract/score.ts';
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { bodyBudget } from './body-budget.ts';

/** The maximum number of photos at their maximum size, plus the multipart overhead. */
const MAX_PHOTOS_BODY_BYTES = SCORE_LIMITS.maxPhotos * SCORE_LIMITS.maxPhotoBytes + 64 * 1024;

/** The limit for any other route, whose body is a few fields of JSON. */
const MAX_BODY_BYTES = 16 * 1024;

/** The limit for all requests with photos together. Parsing takes a few times as much memory. */
const MAX_BODY_BYTES_AT_ONCE = 256_000_000;

/** The routes whose body has photos. */
const WITH_PHOTOS: readonly RouteName[] = ['score', 'swipes'];

/** Returns true if a route's body has photos. */
export const takesPhotos = (route: RouteName): boolean => WITH_PHOTOS.includes(route);

/** Limits the bodies with photos that are in memory at once. */
export const photoBodyBudget = () =>
  bodyBudget({ maxBytes: MAX_BODY_BYTES_AT_ONCE, maxBodyBytes: MAX_PHOTOS_BODY_BYTES });

/** Rejects a body that is too large for its route with `body_too_large`. */
export function boundBody(route: RouteName): MiddlewareHandler {
  const maxSize = takesPhotos(route) ? MAX_PHOTOS_BODY_BYTES : MAX_BODY_BYTES;
  return bodyLimit({
    maxSize,
    onError: () => {
      throw new SwipenetError('body_too_large', `the body is larger than ${maxSize} bytes`);
    },
  });
}
