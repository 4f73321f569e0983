import { BlockList, isIP } from 'node:net';
import type { Context } from 'hono';
import type { AppEnv } from '../dependencies.ts';

/** Parses an address or a network (`10.0.0.1`, `10.0.0.0/8`, `fd00::/8`). Returns undefined for anything else. */
export function parseNetwork(text: string): { address: string; prefix: number; family: 'ipv4' | 'ipv6' } | undefined {
  const [, address = '', bits] = /^([^/]+?)(?:\/(\d{1,3}))?$/.exec(text.trim()) ?? [];
  const version = isIP(address);
  const widest = version === 4 ? 32 : 128;
  const prefix = bits === undefined ? widest : Number(bits);
  if (version === 0 || prefix > widest) return undefined;
  return { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' };
}

/**
 * Finds the address that a request comes from. This is the connection's remote address, unless that is a trusted proxy.
 * Then it is the address in `X-Forwarded-For`. Each proxy appends the address of its client, so the list is read from
 * the right for as long as the addresses are trusted. What the client itself wrote at the left is never reached.
 *
 * @param trustedProxies addresses and networks that {@link parseNetwork} accepts.
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

/** Returns true if a request comes from this machine: over loopback, or from the same address that it reached. */
export function isFromThisMachine(context: Context<AppEnv>, client: string): boolean {
  const reached = plain(context.env?.incoming?.socket.localAddress);
  return client !== '' && (client === '::1' || client.startsWith('127.') || client === reached);
}

/** Strips the prefix that a dual-stack socket adds to IPv4 addresses (`::ffff:127.0.0.1`). */
const plain = (address: string | undefined) => (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
