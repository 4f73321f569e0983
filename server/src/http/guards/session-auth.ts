import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { SESSION_HEADER, SESSION_LIMITS } from '@swipenet/shared/contract/session.ts';
import { OWNER_TASTE } from '@swipenet/shared/contract/taste.ts';
import type { Context, HonoRequest, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { AppEnv } from '../dependencies.ts';
import type { Access } from './access.ts';
import { isOwnOrigin } from './allowed-origins.ts';

/**
 * Accepts only requests that a page of this server makes. Browsers say so (Fetch Metadata). One that doesn't is judged by
 * its `Origin`, which comes with every POST, and for a GET by the session's key, which no other page can read or send.
 * Unlike the check of all routes, it refuses extensions.
 */
export const ownPageOnly: MiddlewareHandler<AppEnv> = async ({ req }, next) => {
  const site = req.header('Sec-Fetch-Site');
  const origin = req.header('Origin');
  const isOwn = origin === undefined ? site !== undefined || req.method === 'GET' : isOwnOrigin(origin, req);
  if ((site !== undefined && site !== 'same-origin') || !isOwn) {
    throw new SwipenetError('origin_refused', 'only the server’s own start page can use this route');
  }
  await next();
};

/**
 * Accepts requests with both halves of a session: its cookie and its key in a header. Browsers send the cookie to every
 * port of this machine, so the cookie alone is never enough.
 */
export function sessionAuth({ sessions }: Pick<Access, 'sessions'>): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    const cookie = getCookie(context, cookieName(context.req));
    const key = context.req.header(SESSION_HEADER);
    if (!cookie || !key) {
      throw new SwipenetError(
        'session_missing',
        `this route needs the session’s cookie and the header ${SESSION_HEADER}`,
      );
    }
    const session = sessions.find(cookie, key);
    if (!session) throw new SwipenetError('session_invalid', 'the session has ended or was revoked; open a new link');
    context.set('caller', session.id);
    context.set('taste', OWNER_TASTE);
    await next();
  };
}

/** Gives the browser the cookie of a session. */
export function setSessionCookie(context: Context<AppEnv>, cookie: string): void {
  setCookie(context, cookieName(context.req), cookie, {
    path: '/v1',
    httpOnly: true,
    sameSite: 'Strict',
    secure: context.env?.incoming?.socket !== undefined && 'encrypted' in context.env.incoming.socket,
    maxAge: SESSION_LIMITS.sessionLifeS,
  });
}

/** Servers on different ports share their cookies, so each has a name of its own. */
const cookieName = ({ url }: Pick<HonoRequest, 'url'>) => `swipenet-${new URL(url).port || 'default'}`;
