import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from '../dependencies.ts';

/** What a browser writes for an extension; no page can. */
const EXTENSION = /^(chrome|moz|safari-web)-extension:\/\/[\w-]{1,64}$/;

/**
 * Refuses a request that a page of somebody else's sends: its browser names the page's origin, and only an extension's
 * passes. Programs name none. The server's own pages may ask for what lies under `ownPages`. The origin is said back
 * nowhere, and no answer has a CORS header. This is a second net: the token is the boundary.
 */
export function allowedOrigins(ownPages: string): MiddlewareHandler<AppEnv> {
  return async ({ req }, next) => {
    const origin = req.header('Origin');
    if (origin !== undefined && !EXTENSION.test(origin) && !(req.path.startsWith(ownPages) && isOwn(origin, req.url))) {
      throw new SwipenetError('origin_refused', 'pages of other origins may not ask this server');
    }
    await next();
  };
}

/** The host was checked before, so a page of this host is ours. */
const isOwn = (origin: string, url: string) => URL.canParse(origin) && new URL(origin).host === new URL(url).host;
