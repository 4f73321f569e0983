import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from '../dependencies.ts';
import type { Access } from './access.ts';

const LOOPBACK = /^(localhost|\[::1\]|127(\.\d{1,3}){3})$/;

/**
 * Refuses a request that was sent to another name than the server's: a page whose own name was made to point here (DNS
 * rebinding) would be asking as if it were a page of the server. Loopback's names, the names that are allowed, and the
 * very address that the connection reached are the server's; nobody can make an address point elsewhere.
 */
export function allowedHosts({ allowedHosts: names }: Pick<Access, 'allowedHosts'>): MiddlewareHandler<AppEnv> {
  const allowed = new Set(names.map((name) => hostName(name)));
  return async (context, next) => {
    const host = hostName(context.req.header('Host') ?? new URL(context.req.url).host);
    const reached = context.env?.incoming?.socket.localAddress?.replace(/^::ffff:(?=\d+\.)/i, '');
    if (!host || !(LOOPBACK.test(host) || allowed.has(host) || host === hostName(reached ?? ''))) {
      throw new SwipenetError('host_refused', 'the request is for another host; --allow-host adds a name');
    }
    await next();
  };
}

/** The name in a `Host` header or an address, as a URL has it (`[::1]:80` → `[::1]`); undefined for what is none. */
function hostName(text: string): string | undefined {
  const written = (text.match(/:/g) ?? []).length > 1 && !text.startsWith('[') ? `[${text}]` : text;
  return URL.canParse(`http://${written}`) && written !== '' ? new URL(`http://${written}`).hostname : undefined;
}
