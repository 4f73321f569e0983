import { BlockList, isIP } from 'node:net';
import type { Context } from 'hono';
import type { AppEnv } from '../dependencies.ts';

/** An address or a network (`10.0.0.1`, `10.0.0.0/8`, `fd00::/8`) in its parts; undefined for anything else. */
export function parseNetwork(text: string): { address: string; prefix: number; family: 'ipv4' | 'ipv6' } | undefined {
  const [, address = '', bits] = /^([^/]+?)(?:\/(\d{1,3}))?$/.exec(text.trim()) ?? [];
  const version = isIP(address);
  const widest = version === 4 ? 32 : 128;
  const prefix = bits === undefined ? widest : Number(bits);
  if (version === 0 || prefix > widest) return undefined;
  return { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' };
}

/**
 * Reads where a request comes from: the connection's other end, and only where that is a trusted proxy what the proxy
 * says in `X-Forwarded-For`. Each proxy adds the address it was asked from at the right, so the list is read from there,
 * for as long as what stands there is trusted; what a client itself wrote at the left is never reached.
 *
 * @param trustedProxies what {@link parseNetwork} takes.
 */
export function clientAddressReader(trustedProxies: readonly string[]): (context: Context<AppEnv>) => string {
  const trusted = new BlockList();
  for (const { address, prefix, family } of trustedProxies.flatMap((text) => parseNetwork(text) ?? [])) {
    trusted.addSubnet(address, prefix, family);
  }
  const isTrusted = (address: string) => trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return (context) => {
    let client = plain(context.env?.incoming?.socket.remoteAddress);
    const forwarded = (context.req.header('X-Forwarded-For') ?? '').split(',').map((entry) => plain(entry.trim()));
    while (isTrusted(client)) {
      const before = forwarded.pop();
      if (before === undefined || isIP(before) === 0) break;
      client = before;
    }
    return client;
  };
}

/** True for a request whose connection comes from this very machine: over loopback, or from the address that it reached. */
export function isFromThisMachine(context: Context<AppEnv>, client: string): boolean {
  const reached = plain(context.env?.incoming?.socket.localAddress);
  return client !== '' && (client === '::1' || client.startsWith('127.') || client === reached);
}

/** An IPv4 address as a socket for both families writes it (`::ffff:127.0.0.1`) is that IPv4 address. */
const plain = (address: string | undefined) => (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
