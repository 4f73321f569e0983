import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { AppDependencies, AppEnv } from '../../dependencies.ts';

/** The most pages that may listen at once. A browser shares one stream among its pages, so this is for several. */
const MOST_LISTENERS = 8;

/** How long a stream may be silent. A comment then shows whether the page is still there. */
const SILENCE_MS = 15_000;

/**
 * `GET /v1/studio/events`: streams what changes as server-sent events, until the page or the server closes the stream.
 * Throws SwipenetError `queue_full` if too many pages listen.
 */
export function studioEventsRoute({ studio: { events, closing, clock } }: AppDependencies) {
  return (context: Context<AppEnv>): Response => {
    if (events.listenerCount >= MOST_LISTENERS) {
      throw new SwipenetError('queue_full', `${MOST_LISTENERS} browsers already follow the studio’s events`);
    }
    context.header('Cache-Control', 'no-store');
    return streamSSE(context, async (stream) => {
      const gone = new AbortController();
      stream.onAbort(() => gone.abort());
      const ended = AbortSignal.any([gone.signal, closing]);
      events.listen((event, data) => void stream.writeSSE({ event, data }), ended);
      while (!ended.aborted) {
        await clock.delay(SILENCE_MS, ended).catch(() => {});
        if (!ended.aborted) await stream.write(': still here\n\n');
      }
    });
  };
}
