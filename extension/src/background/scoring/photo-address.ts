/**
 * Returns whether the worker may fetch a page's photo from this address. Allowed are the page's own origin (such as the demo
 * page on loopback), and HTTPS from hosts on the public internet. Without this check, a page could make the worker, which
 * has more permissions, send requests to the person's router or to services on this machine.
 */
export function mayFetch(address: string, pageOrigin: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, origin, hostname } = new URL(address);
  if (protocol !== 'http:' && protocol !== 'https:') return false; // the worker can't read the page's blob: URLs
  return origin === pageOrigin || (protocol === 'https:' && !isPrivate(hostname));
}

/** Hosts on this machine or the local network. The URL parser has already normalized all notations of IPv4. */
const PRIVATE: readonly RegExp[] = [
  /^[^.]+$/, // names without a dot, and IPv6 literals: no site serves photos from those
  /(^|\.)(localhost|local|internal|lan|home\.arpa)\.?$/,
  /^(0|10|127)\.\d+\.\d+\.\d+$/,
  /^(169\.254|192\.168)\.\d+\.\d+$/,
  /^172\.(1[6-9]|2\d|3[01])\.\d+\.\d+$/,
  /^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.\d+\.\d+$/, // carrier-grade NAT, RFC 6598
  /^\[/, // IPv6 literals with an embedded IPv4 address, which has dots
];

const isPrivate = (hostname: string) => PRIVATE.some((pattern) => pattern.test(hostname));
