import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { activateRequestSchema } from '@swipenet/shared/contract/taste.ts';
import type { Context } from 'hono';
import type { AppDependencies, AppEnv } from '../dependencies.ts';
import { readJson } from '../form/json-body.ts';
import { waitForSwitch } from './reload-route.ts';
import { readThreshold } from './swipe-routes.ts';

/** `GET /v1/taste`: returns what was learned from, how well the network agrees, and its versions. */
export function tasteRoute({ taste }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const report = await taste.report(context.get('taste'), readThreshold(context));
    return context.json(report, 200, { 'Cache-Control': 'no-store' });
  };
}

/** `DELETE /v1/taste`: deletes all swipes, their features and photos, and the versions learned from them. */
export function tasteDeleteRoute({ taste, served }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> =>
    context.json(
      await waitForSwitch(context, () => taste.erase(context.get('taste')), { id: 'the earlier model', served }),
    );
}

/** `GET /v1/taste/export`: returns all swipes with their features, one JSON object per line. */
export function tasteExportRoute({ taste }: AppDependencies) {
  return (context: Context<AppEnv>): Response => {
    const lines = taste.exportLines(context.get('taste'));
    const first = lines.next(); // a database that can't be opened is an error, and not a response that breaks off
    const encoder = new TextEncoder();
    let next = first;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        if (next.done) return controller.close();
        controller.enqueue(encoder.encode(next.value));
        next = lines.next();
      },
    });
    return context.body(body, 200, { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' });
  };
}

/** `POST /v1/taste/learn`: starts learning a version. Throws SwipenetError `taste_not_served`. */
export function tasteLearnRoute({ taste }: AppDependencies) {
  return (context: Context<AppEnv>): Response => {
    assertServed(taste, context);
    taste.learn();
    return context.json({ isRunning: true });
  };
}

/**
 * `POST /v1/taste/activate`: makes a version the active model. Responds once the server uses it.
 *
 * @throws SwipenetError `body_malformed`, `version_unknown`, `reload_failed`, `taste_not_served`.
 */
export function tasteActivateRoute({ taste, served }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    assertServed(taste, context);
    const request = activateRequestSchema.safeParse(await readJson(context));
    if (!request.success) throw new SwipenetError('body_malformed', 'the body must be JSON: {"version": "taste-NNNN"}');
    const { version } = request.data;
    const isKnown = await waitForSwitch(context, () => taste.activate(version), { id: version, served });
    if (!isKnown) throw new SwipenetError('version_unknown', 'there is no version with this ID');
    return context.json({ version });
  };
}

/**
 * `POST /v1/taste/rollback`: goes back to the version before the active one. Responds once the server uses it.
 *
 * @throws SwipenetError `version_unknown`, `reload_failed`, `taste_not_served`.
 */
export function tasteRollbackRoute({ taste, served }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    assertServed(taste, context);
    const version = await waitForSwitch(context, () => taste.rollback(), { id: 'the earlier version', served });
    if (version === undefined) throw new SwipenetError('version_unknown', 'there is no version before the active one');
    return context.json({ version });
  };
}

/** A server has one model, which learns the owner's taste. */
function assertServed(taste: AppDependencies['taste'], context: Context<AppEnv>): void {
  if (taste.isServed(context.get('taste'))) return;
  const message = 'this device has a taste of its own, but the server’s versions are learned from its owner’s';
  throw new SwipenetError('taste_not_served', message);
}
