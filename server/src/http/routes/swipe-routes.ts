import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { scoreFieldSchemas } from '@swipenet/shared/contract/score.ts';
import type { Context } from 'hono';
import type { AppDependencies, AppEnv } from '../dependencies.ts';
import { readSwipe } from '../form/swipe-form.ts';
import { DEADLINE_MS } from './score-route.ts';

/**
 * `POST /v1/swipes`: stores the person's swipe of a profile, by the ID of its score, with its photos, or with neither.
 *
 * @throws SwipenetError `score_unknown`; of the form; of scoring the photos; `taste_disk_full`, `taste_unavailable`.
 */
export function swipesRoute({ served, state, deadline, taste }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const threshold = readThreshold(context);
    const { request, photos } = await readSwipe(context);
    const whose = context.get('taste');
    const describe = async () => {
      if (!photos) return undefined;
      if (state() === 'shutting_down') throw new SwipenetError('shutting_down', 'the server is shutting down');
      const signal = AbortSignal.any([context.req.raw.signal, deadline(DEADLINE_MS)]);
      const { scorer, describe } = served();
      const options = { priority: 'ahead', signal, caller: context.get('caller') } as const;
      return (await describe(photos, scorer.score(photos, options), options)).readable;
    };
    const answer = taste.swipe(whose, request, await describe(), threshold);
    if (!answer) throw new SwipenetError('score_unknown', 'the scoreId is unknown or has expired; send the photos');
    return context.json(answer);
  };
}

/** `GET /v1/swipes`: lists swipes, newest first. Throws SwipenetError `cursor_invalid`, `taste_unavailable`. */
export function swipeListRoute({ taste }: AppDependencies) {
  return (context: Context<AppEnv>): Response => {
    const cursor = context.req.query('cursor');
    if (cursor !== undefined && !/^\d{1,15}$/.test(cursor)) {
      throw new SwipenetError('cursor_invalid', 'cursor must be the value of next from the previous page');
    }
    return context.json(taste.list(context.get('taste'), cursor === undefined ? undefined : Number(cursor)));
  };
}

/** `DELETE /v1/swipes/{id}`: deletes a swipe. Throws SwipenetError `swipe_unknown`, `taste_unavailable`. */
export function swipeDeleteRoute({ taste }: AppDependencies) {
  return (context: Context<AppEnv>): Response => {
    const id = context.req.param('id') ?? '';
    const isDeleted = /^\d{1,15}$/.test(id) && taste.remove(context.get('taste'), Number(id));
    if (!isDeleted) throw new SwipenetError('swipe_unknown', 'there is no swipe with this ID');
    return context.json({ deleted: Number(id) });
  };
}

/** Reads the query's threshold, for which agreement is computed. Throws SwipenetError `threshold_invalid`. */
export function readThreshold({ req }: Context<AppEnv>): number | undefined {
  const text = req.query('threshold');
  if (text === undefined) return undefined;
  const parsed = scoreFieldSchemas.threshold.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new SwipenetError('threshold_invalid', 'threshold must be a number from 0 to 1');
}
