import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from '../dependencies.ts';
import type { Access } from './access.ts';

const LOOPBACK = /^(localhost|\[::1\]|127(\.\d{1,3}){3})$/;

/**
 * Rejects requests whose `Host` header doesn't name this server. Otherwise a web page could point its own domain here
 * (DNS rebinding) and act as a page of the server. Accepted are loopback names, the allowed names, and the address that
 * the connection reached, because nobody can redirect an address.
 */
export function allowedHosts({ allowedHosts: names }: Pick<Access, 'allowedHosts'>): MiddlewareHandler<AppEnv> {
  const allowed = new Set(names.map((name) => hostName(name)));
  return async (context, next) => {
    const host = hostName(context.req.header('Host') ?? new URL(context.req.url).host);
    const reached = context.env?.incoming?.socket.localAddress?.replace(/^::ffff:(?=\d+\.)/i, '');
    if (!host || !(LOOPBACK.test(host) || allowed.has(host) || host === hostName(reached ?? ''))) {
      throw new SwipenetError(
        'host_refused',
        'the Host header does not name this server; allow the name with --allow-host',
      );
    }
    await next();
  };
}

/**
 * Returns the name in a `Host` header or an address as a URL writes it (`[::1]:80` → `[::1]`), or undefined if it isn't
 * one.
 */
function hostName(text: string): string | undefined {
  const written = (text.match(/:/g) ?? []).length > 1 && !text.startsWith('[') ? `[${text}]` : text;
  return URL.canParse(`http://${written}`) && written !== '' ? new URL(`http://${written}`).hostname : undefined;
}
