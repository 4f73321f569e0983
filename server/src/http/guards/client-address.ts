import { BlockList, isIP } from 'node:net';
import type { Context } from 'hono';
import type { AppEnv } from '../dependencies.ts';
import { plainAddress } from '../server-proof.ts';

/** Parses an address or a network (`10.0.0.1`, `10.0.0.0/8`, `fd00::/8`). Returns undefined for anything else. */
export function parseNetwork(text: string): { address: string; prefix: number; family: 'ipv4' | 'ipv6' } | undefined {
  const [, address = '', bits] = /^([^/]+?)(?:\/(\d{1,3}))?$/.exec(text.trim()) ?? [];
  const version = isIP(address);
  const widest = version === 4 ? 32 : 128;
  const prefix = bits === undefined ? widest : Number(bits);
  if (version === 0 || prefix > widest) return undefined;
  return { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' };
}

/** Where requests come from, as far as the settings trust what they say. */
export interface ClientReader {
  /**
   * Finds the address that a request comes from. This is the connection's remote address, unless that is a trusted
   * proxy. Then it is the address in `X-Forwarded-For`. Each proxy appends the address of its client, so the list is
   * read from the right for as long as the addresses are trusted. What the client itself wrote at the left is never
   * reached.
   */
  readonly addressOf: (context: Context<AppEnv>) => string;
  /**
   * Returns true if a request comes from this machine: over loopback, or from the same address that it reached. If it
   * passed through a proxy, a trusted one on this machine must say so.
   */
  readonly isFromThisMachine: (context: Context<AppEnv>) => boolean;
}

/** @param trustedProxies addresses and networks that {@link parseNetwork} accepts. */
export function clientReader(trustedProxies: readonly string[]): ClientReader {
  const trusted = new BlockList();
  for (const { address, prefix, family } of trustedProxies.flatMap((text) => parseNetwork(text) ?? [])) {
    trusted.addSubnet(address, prefix, family);
  }
  const isTrusted = (address: string) => trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

  /** The addresses on a request's way, from the connection's remote address back to the client. */
  function hopsOf(context: Context<AppEnv>): readonly [string, ...string[]] {
    const hops: [string, ...string[]] = [plainAddress(context.env?.incoming?.socket.remoteAddress)];
    const forwarded = (context.req.header('X-Forwarded-For') ?? '').split(',').map((entry) => entry.trim());
    while (isTrusted(hops.at(-1)!)) {
      const before = plainAddress(forwarded.pop());
      if (isIP(before) === 0) break;
      hops.push(before);
    }
    return hops;
  }

  return {
    addressOf: (context) => hopsOf(context).at(-1)!,
    isFromThisMachine: (context) => {
      const hops = hopsOf(context);
      if (hops.length === 1 && saysForwarded(context)) return false;
      const reached = plainAddress(context.env?.incoming?.socket.localAddress);
      // A proxy on another machine has a loopback address of its own, so each hop has to be on this one.
      return hops.every((hop) => hop !== '' && (hop === '::1' || hop.startsWith('127.') || hop === reached));
    },
  };
}

/** Headers that proxies, tunnels and content delivery networks add to what they pass on. */
const FORWARDING =
  /^(forwarded|via|x-forwarded.*|x-original-.*|x-real-ip|(x-)?(cluster-)?client-ip|true-client-ip|(cf|fly|fastly|tailscale|x-envoy|x-appengine|x-azure)-.+|cdn-loop)$/;

const saysForwarded = ({ req }: Context<AppEnv>) => Object.keys(req.header()).some((name) => FORWARDING.test(name));
