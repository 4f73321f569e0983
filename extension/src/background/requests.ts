import browser, { type Runtime } from 'webextension-polyfill';
import {
  type Answer,
  type Problem,
  type Request,
  type RequestKind,
  requestSchema,
  type ServerState,
} from '../messages.ts';
import { reportError } from '../report-error.ts';
import { readSettings } from '../settings.ts';
import { ApiClient, type ApiWorld } from './api-client.ts';
import { badgeOf, showBadge } from './badge.ts';
import type { ConfidenceCache } from './confidence-cache.ts';
import { currentPage } from './current-page.ts';
import { PhotoFetcher } from './photo-fetcher.ts';
import { ProblemError } from './problem.ts';
import { scorePhotos } from './score-photos.ts';
import type { SessionLog } from './session-log.ts';
import { withAdvice } from './unreachable.ts';
import { whileAllowed } from './while-allowed.ts';

/** What the worker answers with. */
export interface WorkerParts {
  readonly world: ApiWorld;
  readonly cache: ConfidenceCache;
  readonly log: SessionLog;
}

/** Who asks: a tab with a dating page, or a page of ours (popup, options). */
type Sender = { readonly tab: number; readonly origin: string } | 'own page';

type Handlers = {
  [Kind in RequestKind]: (request: Request<Kind> & { kind: Kind }, sender: Sender) => Promise<Answer<Kind>>;
};

/** The worker's side of every request; what is no request of ours, or not for this sender, is left unanswered. */
export function answerRequests(parts: WorkerParts) {
  const handlers = handlersOf(parts);
  return (message: unknown, { tab, url }: Runtime.MessageSender): Promise<unknown> | undefined => {
    const request = requestSchema.safeParse(message).data;
    if (!request) return undefined;
    const own = url?.startsWith(browser.runtime.getURL('')) === true;
    const origin = url !== undefined && URL.canParse(url) ? new URL(url).origin : '';
    const sender: Sender | undefined = own ? 'own page' : tab?.id === undefined ? undefined : { tab: tab.id, origin };
    if (!sender) return undefined;
    const handle = handlers[request.kind] as (request: Request, sender: Sender) => Promise<unknown>;
    return handle(request, sender);
  };
}

function handlersOf({ world, cache, log }: WorkerParts): Handlers {
  const fetcher = new PhotoFetcher(world);
  return {
    score: async ({ photos }, sender) => {
      const pageOrigin = sender === 'own page' ? '' : sender.origin;
      const scoring = whileAllowed((settings, signal) => {
        const client = new ApiClient(settings.server, world);
        const parts = { settings, pageOrigin, signal, client, fetcher, cache };
        return withAdvice(settings.server.address, scorePhotos(photos, parts));
      });
      return await orProblem(scoring, 'scoring photos');
    },
    report: async ({ status, counted }, sender) => {
      if (sender !== 'own page') await log.report(sender.tab, status, counted);
      return null;
    },
    leave: async (_, sender) => {
      if (sender !== 'own page') await log.forget(sender.tab);
      return null;
    },
    tryServer: async ({ address, token }, sender): Promise<ServerState> => {
      // A page's script may not send the token, or anything, to a server of its choice.
      if (sender !== 'own page') return { problem: { reason: 'server_refused' } };
      const answer = await orProblem(
        withAdvice(address, new ApiClient({ address, token }, world).model()),
        'trying a server',
      );
      if ('problem' in answer) return answer;
      return { model: answer.id, device: answer.device.name, threshold: answer.threshold };
    },
    overview: async () => {
      const state = await log.read();
      return { counts: state.counts, page: (await currentPage(state))?.status ?? null };
    },
    resume: async () => {
      const page = await currentPage(await log.read());
      // A tab that was closed or left meanwhile has nobody who listens.
      if (page) await browser.tabs.sendMessage(page.tab, { order: 'resume' }).catch(() => undefined);
      return null;
    },
  };
}

/** Shows the badge that fits settings and session now. */
export async function refreshBadge(log: SessionLog): Promise<void> {
  const state = await log.read();
  await showBadge(badgeOf(await readSettings(), state.counts, await currentPage(state)));
}

async function orProblem<Output>(work: Promise<Output>, step: string): Promise<Output | { problem: Problem }> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ProblemError) return { problem: error.problem };
    reportError(step, error);
    return { problem: { reason: 'server_unknown' } };
  }
}
