import browser, { type Runtime } from 'webextension-polyfill';
import * as z from 'zod/mini';
import { REQUESTS } from '../../messages.ts';
import { OWN_REQUESTS } from '../../own-messages.ts';
import type { PageSender, WorkerParts } from './handlers.ts';
import { ownHandlers } from './own-requests.ts';
import { pageHandlers } from './page-requests.ts';

const pageRequestSchema = z.discriminatedUnion('kind', [
  REQUESTS.score.request,
  REQUESTS.cancel.request,
  REQUESTS.permit.request,
  REQUESTS.release.request,
  REQUESTS.report.request,
  REQUESTS.leave.request,
]);

const ownRequestSchema = z.discriminatedUnion('kind', [
  OWN_REQUESTS.tryServer.request,
  OWN_REQUESTS.pair.request,
  OWN_REQUESTS.overview.request,
  OWN_REQUESTS.checkPage.request,
  OWN_REQUESTS.resume.request,
]);

/** A handler of any kind: its request was parsed by the very schema of its kind. */
type Handle = (request: object, sender: PageSender | undefined) => Promise<unknown>;

/**
 * The worker's side of every request; what is no request of ours, or not for this sender, is left unanswered: a page's
 * script may not send the token, or anything, to a server of its choice, and no page of ours swipes.
 */
export function answerRequests(parts: WorkerParts) {
  const ofPages = pageHandlers(parts);
  const ofOwn = ownHandlers(parts);
  return (message: unknown, { tab, url }: Runtime.MessageSender): Promise<unknown> | undefined => {
    if (url?.startsWith(browser.runtime.getURL(''))) {
      const request = ownRequestSchema.safeParse(message).data;
      return request && (ofOwn[request.kind] as Handle)(request, undefined);
    }
    const request = pageRequestSchema.safeParse(message).data;
    if (!request || tab?.id === undefined) return undefined;
    const origin = url !== undefined && URL.canParse(url) ? new URL(url).origin : '';
    return (ofPages[request.kind] as Handle)(request, { tab: tab.id, origin });
  };
}
