import { isIPv6 } from 'node:net';

/**
 * Returns what a limit per address counts: an IPv4 address, or the first 64 bits of an IPv6 address. Everyone who has
 * IPv6 has at least 2⁶⁴ addresses, and could take another one for each request.
 */
export function networkOf(address: string): string {
  const [plain = ''] = address.split('%'); // without the zone of a link-local address
  if (!isIPv6(plain)) return address;
  const [left = [], right = []] = plain.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  const groups = [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
