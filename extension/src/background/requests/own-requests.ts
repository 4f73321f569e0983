import { type OWN_REQUESTS, parsePageCheck, parseRulesPreview } from '../../own-messages.ts';
import { tryParse } from '../../parse.ts';
import { readSession } from '../../storage/session-log.ts';
import { readSettings } from '../../storage/settings.ts';
import { activeTab, currentPage, needsReload, sendOrder } from '../current-page.ts';
import { orderCurrentPage } from '../pause.ts';
import { withAdvice } from '../server/advice.ts';
import { ApiClient } from '../server/api-client.ts';
import { browserName } from '../server/browser-name.ts';
import { orProblem, ProblemError } from '../server/problem.ts';
import { withheldOrigins } from '../site-access.ts';
import type { Handlers, WorkerParts } from './handlers.ts';
import { historyHandlers } from './history-requests.ts';
import { modelHandlers } from './model-requests.ts';
import { tasteHandlers } from './taste-requests.ts';

/** Returns the handlers of the requests from the extension's own pages. */
export function ownHandlers(parts: WorkerParts): Handlers<typeof OWN_REQUESTS, undefined> {
  const { world, ledger, labels } = parts;
  return {
    ...tasteHandlers(parts),
    ...historyHandlers(parts),
    ...modelHandlers(parts),
    tryServer: async ({ address, token }) => {
      const asking = withAdvice(address, new ApiClient({ address, token }, world).model());
      const answer = await orProblem(asking, 'testing a server');
      if ('problem' in answer) return answer;
      const { id: model, device, threshold, version } = answer;
      return { model, device: device.name, threshold, ...(version !== undefined && { version }) };
    },
    pair: async ({ address, code }) => {
      const client = new ApiClient({ address, token: '' }, world);
      const pairing = client.pair({ code, name: browserName(navigator.userAgent) }).then(
        ({ token, profileKey = '' }) => ({ token, profileKey }),
        (error: unknown) => {
          if (error instanceof ProblemError && error.code === 'pairing_code_invalid')
            return { refused: 'code' } as const;
          throw error;
        },
      );
      return await orProblem(withAdvice(address, pairing), 'pairing');
    },
    askToPair: async ({ address }) => {
      const client = new ApiClient({ address, token: '' }, world);
      const asking = client.askToPair({ name: browserName(navigator.userAgent) });
      return await orProblem(withAdvice(address, asking), 'asking to pair');
    },
    claimPairing: async ({ address, id, secret }) => {
      const client = new ApiClient({ address, token: '' }, world);
      const claiming = client.claimPairing({ id, secret }).then(
        (answer) =>
          answer.state === 'allowed'
            ? { token: answer.token, profileKey: answer.profileKey ?? '' }
            : { state: answer.state },
        (error: unknown) => {
          if (error instanceof ProblemError && error.code === 'pairing_request_unknown')
            return { state: 'gone' } as const;
          throw error;
        },
      );
      return await orProblem(withAdvice(address, claiming), 'pairing');
    },
    overview: async () => {
      const state = await readSession();
      const page = await currentPage(state);
      const { counts } = state;
      const withheld = await withheldOrigins((await readSettings()).server.address);
      return {
        counts,
        today: await ledger.today(),
        page: page?.status ?? null,
        needsReload: await needsReload(state),
        labels: await labels.counts(),
        withheld,
      };
    },
    checkPage: async () => {
      const page = await currentPage(await readSession());
      // The active tab comes first. A page that the adapter doesn't recognize at all has reported nothing yet.
      for (const tab of new Set([await activeTab(), page?.tab])) {
        const check = tryParse(parsePageCheck, tab === undefined ? null : await sendOrder(tab, { order: 'check' }));
        if (check) return check;
      }
      return null;
    },
    previewRules: async ({ rules }) => {
      const page = await currentPage(await readSession());
      return (page && tryParse(parseRulesPreview, await sendOrder(page.tab, { order: 'preview', rules }))) ?? null;
    },
    why: async () => {
      await orderCurrentPage('why', ledger);
      return null;
    },
    resume: async () => {
      await orderCurrentPage('resume', ledger);
      return null;
    },
  };
}
