import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { SESSION_HEADER } from '@swipenet/shared/contract/session.ts';
import type { HonoRequest, MiddlewareHandler } from 'hono';
import type { AppEnv } from '../dependencies.ts';

/** The origin that a browser sends for an extension. A web page can't send it. */
const EXTENSION = /^(chrome|moz|safari-web)-extension:\/\/[\w-]{1,64}$/;

/** Where pages are that browsers may open or that use the server. */
export interface OwnPages {
  /** Pages that any page may link to. */
  readonly linked: readonly string[];
  /** What is at or below these paths may be used by the server's own pages. */
  readonly below: readonly string[];
}

/** Has browsers keep every response, errors included, from pages of other origins that load it as an image or a script. */
export const ownOriginOnly: MiddlewareHandler<AppEnv> = async (context, next) => {
  context.header('Cross-Origin-Resource-Policy', 'same-origin');
  await next();
};

/**
 * Rejects requests from web pages of other origins. The browser sends the page's origin, and only those of extensions
 * pass. Programs send none. The server's own pages may use what is at or below `below`, and other routes with the key of
 * a session, which is checked there. Responses never repeat the origin, and none has a CORS header. This is only a second
 * line of defense, after the token.
 *
 * A browser sends no origin with an image, a script or a frame, but it says whether a page of another origin asks
 * (Fetch Metadata). Such a page may only link to a page of the server. Browsers that don't say it block the response,
 * because of {@link ownOriginOnly}.
 */
export function allowedOrigins(pages: OwnPages): MiddlewareHandler<AppEnv> {
  return async ({ req }, next) => {
    const origin = req.header('Origin');
    const isExtension = origin !== undefined && EXTENSION.test(origin);
    const isForPages = isBelow(req.path, pages) || req.header(SESSION_HEADER) !== undefined;
    const isOwnPage = origin !== undefined && isForPages && isOwnOrigin(origin, req);
    if ((origin !== undefined && !isExtension && !isOwnPage) || (!isExtension && isForeign(req, pages.linked))) {
      throw new SwipenetError('origin_refused', 'web pages of other origins cannot use this server');
    }
    await next();
  };
}

/**
 * Returns true if the browser says that a page of another origin makes the request, unless that page only links to one
 * of the server's. Requests of an extension that may reach the server count as `none` in Chromium and as `same-origin`
 * in Firefox (November 2026). Without that permission they are `cross-site`, but have the extension's origin.
 */
function isForeign(req: HonoRequest, linked: readonly string[]): boolean {
  if (!['cross-site', 'same-site'].includes(req.header('Sec-Fetch-Site') ?? '')) return false;
  const isLink =
    req.method === 'GET' &&
    req.header('Sec-Fetch-Mode') === 'navigate' &&
    req.header('Sec-Fetch-Dest') === 'document' &&
    linked.includes(req.path);
  return !isLink;
}

const isBelow = (path: string, { below }: OwnPages) => below.some((one) => path === one || path.startsWith(`${one}/`));

/** Returns true if an origin is the server's. The host has already been checked, so a page of this host is ours. */
export const isOwnOrigin = (origin: string, { url }: Pick<HonoRequest, 'url'>): boolean =>
  URL.canParse(origin) && new URL(origin).host === new URL(url).host;
