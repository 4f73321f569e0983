import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { RouteName } from '@swipenet/shared/contract/routes.ts';
import { SCORE_LIMITS } from '@swipenet/shared/contract/score.ts';
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { bodyBudget } from './body-budget.ts';

/** All photos at their largest, and room for the multipart around them. */
const MAX_SCORE_BODY_BYTES = SCORE_LIMITS.maxPhotos * SCORE_LIMITS.maxPhotoBytes + 64 * 1024;

/** The body of any other route: a few fields of JSON. */
const MAX_BODY_BYTES = 16 * 1024;

/** Bodies in memory at once, over all score requests; parsing takes a few times as much. */
const MAX_BODY_BYTES_AT_ONCE = 256_000_000;

/** Bounds the bodies that are in memory at once, over all score requests. */
export const scoreBodyBudget = () =>
  bodyBudget({ maxBytes: MAX_BODY_BYTES_AT_ONCE, maxBodyBytes: MAX_SCORE_BODY_BYTES });

/** Refuses a body that is larger than the route's may be, with `body_too_large`. */
export function boundBody(route: RouteName): MiddlewareHandler {
  const maxSize = route === 'score' ? MAX_SCORE_BODY_BYTES : MAX_BODY_BYTES;
  return bodyLimit({
    maxSize,
    onError: () => {
      throw new SwipenetError('body_too_large', `the body has more than ${maxSize} bytes`);
    },
  });
}
