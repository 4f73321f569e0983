import browser, { type Runtime } from 'webextension-polyfill';
import * as z from 'zod/mini';
import { REQUESTS, type RequestList } from '../../messages.ts';
import { OWN_REQUESTS } from '../../own-messages.ts';
import type { PageSender, WorkerParts } from './handlers.ts';
import { ownHandlers } from './own-requests.ts';
import { pageHandlers } from './page-requests.ts';

/** A handler of any kind: its request was parsed by the very schema of its kind. */
type Handle = (request: object, sender: PageSender | undefined) => Promise<unknown>;

/**
 * The worker's side of every request. Anything else, or a request that isn't for its sender, gets no answer: a dating page's
 * script may not have anything sent to a server of its choice, and none of our own pages swipes.
 */
export function answerRequests(parts: WorkerParts) {
  const ofPages = pageHandlers(parts);
  const ofOwn = ownHandlers(parts);
  return (message: unknown, { tab, url }: Runtime.MessageSender): Promise<unknown> | undefined => {
    if (url?.startsWith(browser.runtime.getURL(''))) {
      const request = parseRequest(OWN_REQUESTS, message);
      return request && (ofOwn[request.kind] as Handle)(request, undefined);
    }
    const request = parseRequest(REQUESTS, message);
    if (!request || tab?.id === undefined) return undefined;
    const origin = url !== undefined && URL.canParse(url) ? new URL(url).origin : '';
    return (ofPages[request.kind] as Handle)(request, { tab: tab.id, origin });
  };
}

const kindSchema = z.object({ kind: z.string() });

/** A request of a list; undefined for anything else. */
function parseRequest<List extends RequestList>(
  list: List,
  message: unknown,
): { readonly kind: keyof List } | undefined {
  const kind = kindSchema.safeParse(message).data?.kind ?? '';
  const request = Object.hasOwn(list, kind) ? list[kind]!.request.safeParse(message).data : undefined;
  return request as { readonly kind: keyof List } | undefined;
}
