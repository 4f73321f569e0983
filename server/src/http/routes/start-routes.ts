import { readFile } from 'node:fs/promises';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import type { Context } from 'hono';
import type { AppEnv } from '../dependencies.ts';
import { withCommands } from '../with-commands.ts';

/** The page loads nothing from other servers, and no page can show it in a frame and have the person click Allow. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:",
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
].join('; ');

const headers = (type: string) => ({
  'Content-Type': `${type}; charset=utf-8`,
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-cache',
});

const read = (name: string) => readFile(new URL(`../start-page/${name}`, import.meta.url), 'utf8');

/** `GET /`: returns the start page to browsers. Programs get `route_unknown`, as for any other unknown path. */
export function startRoute() {
  return async (context: Context<AppEnv>): Promise<Response> => {
    context.header('Vary', 'Accept');
    if (!/\btext\/html\b/i.test(context.req.header('Accept') ?? '')) {
      throw new SwipenetError(
        'route_unknown',
        `no route GET ${ROUTES.start.path} for programs; see ${ROUTES.docs.path}`,
      );
    }
    return context.body(withCommands(await read('page.html')), 200, headers('text/html'));
  };
}

/** `GET /start/page.css`: returns the page's style sheet. */
export function startStyleRoute() {
  return async (context: Context<AppEnv>): Promise<Response> =>
    context.body(await read('page.css'), 200, headers('text/css'));
}

/** `GET /start/page.js`: returns the page's script. */
export function startScriptRoute() {
  return async (context: Context<AppEnv>): Promise<Response> =>
    context.body(await read('page.js'), 200, headers('text/javascript'));
}
