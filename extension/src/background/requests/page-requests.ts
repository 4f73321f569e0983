import type { PageStatus, REQUESTS } from '../../messages.ts';
import { reportError } from '../../report-error.ts';
import { confidenceCache } from '../../storage/confidence-cache.ts';
import { forgetPage, readSession, reportPage } from '../../storage/session-log.ts';
import { hasConsent, readSettings } from '../../storage/settings.ts';
import { isLabel } from '../labels/label-rule.ts';
import { CancelableWork } from '../scoring/cancelable-work.ts';
import { decodedSize, explainPhoto } from '../scoring/explain-photo.ts';
import { PhotoFetcher } from '../scoring/photo-fetcher.ts';
import { scorePhotos } from '../scoring/score-photos.ts';
import { withAdvice } from '../server/advice.ts';
import { ApiClient } from '../server/api-client.ts';
import { orProblem } from '../server/problem.ts';
import { withheldHost } from '../site-access.ts';
import { clearStop, followStop } from '../stop-notice.ts';
import { whileAllowed } from '../while-allowed.ts';
import { controlAct } from './control-requests.ts';
import type { Handlers, PageSender, WorkerParts } from './handlers.ts';

/** Wait for a page that asks to swipe outside Swipe mode. It hasn't learned of the change yet, but soon will. */
const NOT_SWIPING_MS = 1_000;

/** With these statuses a page remains the swiping tab: it is busy, or between two cards. */
const STILL_SWIPING: readonly PageStatus['reason'][] = [null, 'page_loading'];

/** Returns the handlers of the requests from dating pages. */
export function pageHandlers({
  world,
  clock,
  ledger,
  labels,
  gate,
  history,
  words,
  preparer,
}: WorkerParts): Handlers<typeof REQUESTS, PageSender> {
  const fetcher = new PhotoFetcher(world);
  const scorings = new CancelableWork();
  return {
    score: async ({ id, photos, priority }, { tab, origin: pageOrigin }) => {
      const scoring = scorings.run(`${tab} ${id}`, (canceled) =>
        whileAllowed((settings, allowed) => {
          const client = new ApiClient(settings.server, world);
          const signal = AbortSignal.any([allowed, canceled]);
          const tools = { client, fetcher, preparer, cache: confidenceCache, clock, withheldHost };
          const scoring = scorePhotos(photos, { settings, pageOrigin, priority, signal, ...tools });
          return withAdvice(settings.server.address, scoring);
        }),
      );
      const answer = await orProblem(scoring, 'scoring photos');
      if ('model' in answer) gate.saw(answer.model);
      return answer;
    },
    cancel: async ({ id }, { tab }) => {
      scorings.cancel(`${tab} ${id}`);
      return null;
    },
    why: async ({ url }, { origin: pageOrigin }) => {
      const explaining = whileAllowed((settings, signal) => {
        const client = new ApiClient(settings.server, world);
        const tools = { client, fetcher, preparer, withheldHost, sizeOf: decodedSize };
        const explained = explainPhoto(url, { settings, pageOrigin, signal, ...tools });
        return withAdvice(settings.server.address, explained);
      });
      return await orProblem(explaining, 'explaining a photo');
    },
    words: ({ kind: _, ...profile }) =>
      words.judge(profile).catch((error: unknown) => {
        reportError('judging a bio', error);
        return null; // then the photos decide alone
      }),
    earlier: async ({ site, profile }) => {
      const entry = await history.earlierSwipe(site, profile);
      return entry ? { by: entry.by, swipe: entry.corrected ?? entry.swipe, atMs: entry.atMs } : null;
    },
    permit: async ({ id, swipe, model }, { tab }) => {
      const settings = await readSettings();
      if (settings.mode !== 'swipe' || !hasConsent(settings)) return { waitMs: NOT_SWIPING_MS };
      const refusal = await gate.refusal(settings, model);
      if (refusal) return refusal;
      return await ledger.permit({ id: `${tab} ${id}`, swipe, tab }, settings.limits);
    },
    release: async ({ id, pressed }, { tab }) => {
      await (pressed ? ledger.settle(`${tab} ${id}`) : ledger.release(`${tab} ${id}`));
      return null;
    },
    label: async ({ kind: _, ...swipe }) => {
      await history.add(swipe).catch((error: unknown) => reportError('adding to the history', error));
      const { judged: _judged, ruling: _ruling, bio: _bio, ...label } = swipe;
      const answer = await labels.add(label);
      const adding = words.add(swipe, async () => isLabel(await labels.labels(), swipe.id));
      await adding.catch((error: unknown) => reportError('storing a labeled bio', error));
      return answer;
    },
    unlabel: async ({ id }) => {
      await labels.remove(id);
      await words.remove([id]);
      await history.remove([id]);
      return null;
    },
    report: async ({ status, counted }, { tab }) => {
      // Settle before counting. Both are idempotent, because a page resends a report until it is answered.
      if (counted?.what === 'right' || counted?.what === 'left') await ledger.settle(`${tab} ${counted.id}`);
      if (!STILL_SWIPING.includes(status.reason)) await ledger.stopSwiping(tab);
      const before = (await readSession()).pages.find((page) => page.tab === tab)?.status;
      await reportPage(tab, status, counted);
      await followStop(tab, before, status).catch((error: unknown) => reportError('notifying of a stop', error));
      return null;
    },
    control: ({ does }, { tab }) => controlAct(does, tab, ledger),
    leave: async (_, { tab }) => {
      await ledger.stopSwiping(tab);
      await forgetPage(tab);
      await clearStop(tab).catch((error: unknown) => reportError('clearing a notification', error));
      return null;
    },
  };
}
