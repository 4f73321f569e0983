import type { RouteName } from '@swipenet/shared/contract/routes.ts';
import type { Context } from 'hono';
import type { AppDependencies, AppEnv } from './dependencies.ts';
import { healthRoute, readyRoute } from './health-routes.ts';
import { modelRoute } from './model-route.ts';
import { reloadRoute } from './reload-route.ts';
import { scoreRoute } from './score-route.ts';

/** A route's handler, once it has what it needs. */
export type RouteHandler = (context: Context<AppEnv>) => Response | Promise<Response>;

/** Every route of the contract with what answers it; a route without one does not compile. */
export const routeHandlers: Record<RouteName, (dependencies: AppDependencies) => RouteHandler> = {
  score: scoreRoute,
  model: modelRoute,
  reload: reloadRoute,
  health: healthRoute,
  ready: readyRoute,
};
