import { DEFAULT_PORT } from '@swipenet/shared/contract/routes.ts';

/** Where the server is unless told otherwise. */
export const DEFAULT_ADDRESS = `http://127.0.0.1:${DEFAULT_PORT}`;

/** The hosts that are this machine and that the manifest's own permissions cover. */
const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost'];

/**
 * What a person typed as a server's address, as its origin (`127.0.0.1:8787` → `http://127.0.0.1:8787`); undefined when
 * it is no address. A path is refused rather than dropped: the server has none.
 */
export function parseAddress(text: string): string | undefined {
  const typed = text.trim();
  const address = /^[a-z][a-z+.-]*:\/\//i.test(typed) ? typed : `http://${typed}`;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  const bare = url.pathname === '/' && !url.search && !url.hash && !url.username && !url.password;
  return bare && (url.protocol === 'http:' || url.protocol === 'https:') ? url.origin : undefined;
}

/** True for a server on this machine: photos sent there do not leave it, and no further permission is needed. */
export function isLoopback(address: string): boolean {
  return URL.canParse(address) && LOOPBACK_HOSTS.includes(new URL(address).hostname);
}

/** What a consent is given for: this machine as a whole, or one origin. */
export function placeOf(address: string): string {
  return isLoopback(address) ? 'loopback' : address;
}

/** The browser's permission for a server: given to a host, since a match pattern has no port. */
export function hostPattern(address: string): string {
  const { protocol, hostname } = new URL(address);
  return `${protocol}//${hostname}/*`;
}
