/**
 * May a photo of a page be fetched from this address? From the page's own origin, as the demo page's on loopback; else
 * only over HTTPS from a host of the open internet. The worker's permissions reach further than a page's, and a page
 * names the addresses: it could have the person's router or this machine's services asked.
 */
export function mayFetch(address: string, pageOrigin: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, origin, hostname } = new URL(address);
  if (protocol !== 'http:' && protocol !== 'https:') return false; // a worker cannot read the page's blob: addresses
  return origin === pageOrigin || (protocol === 'https:' && !isPrivate(hostname));
}

/** Hosts of this machine or of the network around it; the parser has already made every way to write an IPv4 one. */
const PRIVATE: readonly RegExp[] = [
  /^[^.]+$/, // names without a dot, and IPv6: no site serves photos from a bare address
  /(^|\.)(localhost|local|internal|lan|home\.arpa)\.?$/,
  /^(0|10|127)\.\d+\.\d+\.\d+$/,
  /^(169\.254|192\.168)\.\d+\.\d+$/,
  /^172\.(1[6-9]|2\d|3[01])\.\d+\.\d+$/,
  /^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.\d+\.\d+$/, // carriers' shared addresses, RFC 6598
  /^\[/, // IPv6 that holds an IPv4 address
];

const isPrivate = (hostname: string) => PRIVATE.some((pattern) => pattern.test(hostname));
