import browser, { type Runtime } from 'webextension-polyfill';
import { REQUESTS, type RequestList } from '../../messages.ts';
import { OWN_REQUESTS } from '../../own-messages.ts';
import { object, string, tryParse } from '../../parse.ts';
import { reportError } from '../../report-error.ts';
import type { PageSender, WorkerParts } from './handlers.ts';
import { ownHandlers } from './own-requests.ts';
import { pageHandlers } from './page-requests.ts';

/** A handler of any kind. Its request has passed the parser of that kind. */
type Handle = (request: object, sender: PageSender | undefined) => Promise<unknown>;

/**
 * Returns the worker's message listener. It ignores everything that is not a request, and requests that their sender may
 * not make: a dating page can't choose the server that a token is sent to, and the extension's own pages never swipe.
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

/** Logs why a request failed. The page learns only that it did. */
async function logged(kind: string, answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    reportError(`answering ${kind}`, error);
    throw error;
  }
}

const parseKind = object({ kind: string() });

/** Parses a request of a list. Returns undefined for anything else. */
function parseRequest<List extends RequestList>(
  list: List,
  message: unknown,
): { readonly kind: keyof List } | undefined {
  const kind = tryParse(parseKind, message)?.kind ?? '';
  const request = Object.hasOwn(list, kind) ? tryParse(list[kind]!.request, message) : undefined;
  return request as { readonly kind: keyof List } | undefined;
}
