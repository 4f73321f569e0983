import browser, { type Runtime } from 'webextension-polyfill';
import { REQUESTS, type RequestList } from '../../messages.ts';
import { OWN_REQUESTS } from '../../own-messages.ts';
import { object, string, tryParse } from '../../parse.ts';
import { reportError } from '../../report-error.ts';
import type { PageSender, WorkerParts } from './handlers.ts';
import { ownHandlers } from './own-requests.ts';
import { pageHandlers } from './page-requests.ts';

/** A handler of any kind: its request was parsed by the very parser of its kind. */
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
      return request && logged(request.kind, (ofOwn[request.kind] as Handle)(request, undefined));
    }
    const request = parseRequest(REQUESTS, message);
    if (!request || tab?.id === undefined) return undefined;
    const origin = url !== undefined && URL.canParse(url) ? new URL(url).origin : '';
    return logged(request.kind, (ofPages[request.kind] as Handle)(request, { tab: tab.id, origin }));
  };
}

/** A page learns only that its request failed, so the worker logs why. */
async function logged(kind: string, answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    reportError(`answering ${kind}`, error);
    throw error;
  }
}

const parseKind = object({ kind: string() });

/** A request of a list; undefined for anything else. */
function parseRequest<List extends RequestList>(
  list: List,
  message: unknown,
): { readonly kind: keyof List } | undefined {
  const kind = tryParse(parseKind, message)?.kind ?? '';
  const request = Object.hasOwn(list, kind) ? tryParse(list[kind]!.request, message) : undefined;
  return request as { readonly kind: keyof List } | undefined;
}
