import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** How many redirects are followed. GitHub needs two. */
const MAX_REDIRECTS = 5;

const REDIRECTS: readonly (number | undefined)[] = [301, 302, 303, 307, 308];

/** The response to a GET request, before its body is read. */
export interface PlainResponse {
  readonly status: number;
  /** The `Content-Encoding`, unless it is `identity`. */
  readonly encoding: string | undefined;
  /** The bytes as they were sent. Leaving the loop over them ends the transfer. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Ends the transfer without reading the body. */
  readonly cancel: () => void;
}

/** Sends a GET request to a URL. Throws what the system reports if it can't be reached. */
export type OpenUrl = (url: string, options: { readonly signal?: AbortSignal }) => Promise<PlainResponse>;

/**
 * Sends a GET request that asks for an unencoded response, and follows redirects, but never from HTTPS to HTTP. Nothing
 * decodes the response, whatever its headers say. `fetch` would: it hands bytes of a stranger to Node's decoders before
 * anyone can look at them, and one of these had a critical flaw (docs/known-advisories.json).
 */
export const openUrl: OpenUrl = async (url, { signal }) => {
  let target = new URL(url);
  for (let redirects = 0; ; redirects += 1) {
    const response = await get(target, signal);
    const { statusCode: status = 0, headers } = response;
    if (!REDIRECTS.includes(status) || headers.location === undefined) return answerOf(response);
    response.destroy();
    if (redirects === MAX_REDIRECTS) throw new Error(`more than ${MAX_REDIRECTS} redirects`);
    target = redirectedTo(target, headers.location);
  }
};

/** Returns where a redirect leads. Throws Error if that is not HTTP, or not HTTPS although it was before. */
export function redirectedTo(from: URL, location: string): URL {
  const to = URL.parse(location, from);
  if (to && (to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:'))) return to;
  throw new Error(`it redirects to ${location}, which isn’t ${from.protocol === 'https:' ? 'HTTPS' : 'HTTP'}`);
}

function get(url: URL, signal: AbortSignal | undefined): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const headers = { 'Accept-Encoding': 'identity', Accept: '*/*', 'User-Agent': 'swipenet' };
  request(url, { headers, ...(signal && { signal }) }, resolve)
    .on('error', reject)
    .end();
  return promise;
}

function answerOf(response: IncomingMessage): PlainResponse {
  const encoding = response.headers['content-encoding']?.trim().toLowerCase();
  return {
    status: response.statusCode ?? 0,
    encoding: encoding === 'identity' || encoding === '' ? undefined : encoding,
    body: response,
    cancel: () => void response.destroy(),
  };
}
