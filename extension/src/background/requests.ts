import browser, { type Runtime } from 'webextension-polyfill';
import { type Request, type RequestKind, requestSchema } from '../messages.ts';
import type { Handlers, PageSender, WorkerParts } from './handlers.ts';
import { ownHandlers } from './own-requests.ts';
import { pageHandlers } from './page-requests.ts';

/** Who asks: a dating page, or a page of ours (popup, options). */
type Sender = PageSender | 'own page';

/**
 * The worker's side of every request; what is no request of ours, or not for this sender, is left unanswered: a page's
 * script may not send the token, or anything, to a server of its choice, and no page of ours swipes.
 */
export function answerRequests(parts: WorkerParts) {
  const ofPages = pageHandlers(parts);
  const ofOwn = ownHandlers(parts);
  return (message: unknown, from: Runtime.MessageSender): Promise<unknown> | undefined => {
    const request = requestSchema.safeParse(message).data;
    const sender = senderOf(from);
    if (!request || !sender) return undefined;
    const handlers: Partial<Handlers<RequestKind, never>> = sender === 'own page' ? ofOwn : ofPages;
    const handle = handlers[request.kind] as ((request: Request, sender: Sender) => Promise<unknown>) | undefined;
    return handle?.(request, sender);
  };
}

function senderOf({ tab, url }: Runtime.MessageSender): Sender | undefined {
  if (url?.startsWith(browser.runtime.getURL(''))) return 'own page';
  const origin = url !== undefined && URL.canParse(url) ? new URL(url).origin : '';
  return tab?.id === undefined ? undefined : { tab: tab.id, origin };
}
