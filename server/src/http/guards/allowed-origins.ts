import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from '../dependencies.ts';

/** The origin that a browser sends for an extension. A web page can't send it. */
const EXTENSION = /^(chrome|moz|safari-web)-extension:\/\/[\w-]{1,64}$/;

/**
 * Rejects requests from web pages of other origins. The browser sends the page's origin, and only those of extensions
 * pass. Programs send none. The server's own pages may use what is under `ownPages`. Responses never repeat the origin,
 * and none has a CORS header. This is only a second line of defense, after the token.
 */
export function allowedOrigins(ownPages: string): MiddlewareHandler<AppEnv> {
  return async ({ req }, next) => {
    const origin = req.header('Origin');
    if (origin !== undefined && !EXTENSION.test(origin) && !(req.path.startsWith(ownPages) && isOwn(origin, req.url))) {
      throw new SwipenetError('origin_refused', 'web pages of other origins cannot use this server');
    }
    await next();
  };
}

/** The host has already been checked, so a page of this host is ours. */
const isOwn = (origin: string, url: string) => URL.canParse(origin) && new URL(origin).host === new URL(url).host;
