import { DEFAULT_PORT } from '@swipenet/shared/contract/routes.ts';

/** The server's address until the person sets another. */
export const DEFAULT_ADDRESS = `http://127.0.0.1:${DEFAULT_PORT}`;

/** The hosts that mean this machine. The manifest's permissions cover them. */
const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost'];

/**
 * Returns the origin of a typed server address (`127.0.0.1:8787` → `http://127.0.0.1:8787`), or undefined if it is invalid.
 * An address with a path is invalid, because the server has none.
 */
export function parseAddress(text: string): string | undefined {
  const typed = text.trim();
  const address = /^[a-z][a-z+.-]*:\/\//i.test(typed) ? typed : `http://${typed}`;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  const bare = url.pathname === '/' && !url.search && !url.hash && !url.username && !url.password;
  return bare && (url.protocol === 'http:' || url.protocol === 'https:') ? url.origin : undefined;
}

/** True for a server on this machine. Photos sent to it stay here, and it needs no extra permission. */
export function isLoopback(address: string): boolean {
  return URL.canParse(address) && LOOPBACK_HOSTS.includes(new URL(address).hostname);
}

/** Returns what consent is given for: this machine as a whole (`loopback`), or one origin. */
export function placeOf(address: string): string {
  return isLoopback(address) ? 'loopback' : address;
}

/** Returns the match pattern of the permission for a server. It names only the host, since match patterns have no port. */
export function hostPattern(address: string): string {
  const { protocol, hostname } = new URL(address);
  return `${protocol}//${hostname}/*`;
}
