import type { AgreementAnswer } from '@swipenet/shared/contract/swipes.ts';
import browser from 'webextension-polyfill';
import type { Clock } from '../../clock.ts';
import type { Label, LabelAnswer, Request } from '../../messages.ts';
import { reportError } from '../../report-error.ts';
import { placeOf } from '../../server-address.ts';
import { confidenceCache } from '../../storage/confidence-cache.ts';
import { type Deletion, LABELS, type Labels, type Sending } from '../../storage/labels.ts';
import { hasTasteConsent, isAllowed, mayLearn, readSettings, type Settings } from '../../storage/settings.ts';
import { changeState, readState } from '../../storage/stored-state.ts';
import { ApiClient, type ApiWorld } from '../server/api-client.ts';
import { servedThreshold } from '../server/model-threshold.ts';
import { isPermanent, ProblemError } from '../server/problem.ts';
import { whileAllowed } from '../while-allowed.ts';
import {
  addLabel,
  addOwnSwipe,
  arrived,
  correctableLabels,
  correctLabel,
  deleted,
  emptied,
  findLabel,
  labelsFor,
  pendingDeletions,
  type RecentLabel,
  type RemovedLabel,
  recentLabels,
  refused,
  removeLabel,
  removeLabels,
  trySending,
  withoutScore,
} from './label-rule.ts';
import { profileIdOf } from './profile-id.ts';

/** The name of the alarm that retries while labels wait. The browser wakes the worker for it. */
export const LABEL_ALARM = 'labels';

/** The name of the lock that only one delivery holds at a time, in whichever worker. */
const DELIVERY = 'label delivery';

/** How often the alarm goes off. Browsers don't allow it to be more frequent. */
const RETRY_MINUTES = 1;

/** How long a page waits for its label to arrive. After that, the label arrives without it. */
const ANSWER_MS = 2_000;

/** A label as the page sends it. */
export type PageLabel = Omit<Request<'label'>, 'kind' | 'judged' | 'ruling' | 'bio'>;

/** A label that has arrived: its id here, and on the server. */
export interface ArrivedLabel {
  readonly id: string;
  readonly swipeId: number;
}

/** What a queue needs. */
export interface LabelQueueParts {
  readonly world: ApiWorld;
  readonly clock: Pick<Clock, 'date' | 'delay'>;
  /** Hears of each label that arrives, and of the agreement since. */
  readonly onArrived: (label: ArrivedLabel, agreement: AgreementAnswer, settings: Settings) => void;
}

/**
 * Delivers labels to the server, in order and one at a time. The label is stored before it is sent, and what became of it
 * is stored before the next one, so dead workers, closed browsers and absent servers lose nothing. The server knows a
 * label by its profile, so one that is sent again because an answer was lost changes nothing.
 */
export class LabelQueue {
  readonly #parts: LabelQueueParts;
  /** The pages that wait for their label, by its step. */
  readonly #waiting = new Map<number, (answer: LabelAnswer) => void>();
  #delivering: Promise<void> | undefined;
  #again = false;

  constructor(parts: LabelQueueParts) {
    this.#parts = parts;
  }

  /**
   * Queues a label if Swipenet may learn. Returns when it has arrived, or after 2 seconds, or once delivery fails. A swipe of
   * Swipenet's own is only remembered.
   */
  async add({ id, own, ...label }: PageLabel): Promise<LabelAnswer> {
    const settings = await readSettings();
    if (!mayLearn(settings) || label.profile === undefined) return { queued: false };
    const { address, profileKey } = settings.server;
    const profile = await profileIdOf(label.site, label.profile, profileKey);
    const added = { id, atMs: this.#nowMs(), label: { ...label, profile } };
    if (own) {
      await changeState(LABELS, (before) => addOwnSwipe(labelsFor(address, before), added));
      return { queued: false };
    }
    return (await this.#queue((before) => addLabel(labelsFor(address, before), added))) ?? { queued: true }; // it is known
  }

  /** Takes back a label, wherever it is. */
  async remove(id: string): Promise<void> {
    const taken = findLabel(await this.labels(), id);
    await changeState(LABELS, (labels) => removeLabel(labels, id));
    await forgetScore(taken);
    await this.#retryLater();
    void this.#deliverLogged();
  }

  /**
   * Takes back many labels, also those of the current server that are no longer remembered here. Waits up to 2 seconds for
   * the server, and returns how many deletions it has yet to confirm.
   */
  async removeAll(removed: readonly RemovedLabel[]): Promise<number> {
    if (removed.length === 0) return 0;
    const { address } = (await readSettings()).server;
    await confidenceCache.forget(); // the server no longer keeps the scores that these labels name
    await changeState(LABELS, (labels) => removeLabels(labels, removed, address));
    await this.#retryLater();
    await this.#wait(this.#deliverLogged());
    return pendingDeletions(await this.labels());
  }

  /** Takes back the last label and returns its id, if there is one. Waits up to 2 seconds for the server. */
  async removeLast(): Promise<string | undefined> {
    const last = recentLabels(await this.labels()).findLast(({ own }) => !own);
    if (!last) return undefined;
    await this.remove(last.id);
    await this.#wait(this.#delivering);
    return last.id;
  }

  /** Sends a label of the last day again, with the other swipe. */
  async correct(id: string, swipe: Label['swipe']): Promise<LabelAnswer> {
    const change = (labels: Labels) => correctLabel(labels, id, swipe, this.#nowMs());
    return (await this.#queue(change)) ?? { queued: false };
  }

  /** Returns what is stored. */
  labels(): Promise<Labels> {
    return readState(LABELS);
  }

  /** Returns how many labels wait for the server, and how many it couldn't store. */
  async counts(): Promise<{ readonly queued: number; readonly lost: number }> {
    const { steps, lost } = await this.labels();
    return { queued: steps.length, lost };
  }

  /** Returns the swipes that can be corrected, newest first. */
  async correctable(): Promise<readonly RecentLabel[]> {
    return correctableLabels(await this.labels(), this.#nowMs());
  }

  /** Empties the queue and runs work during which no label can arrive, such as deleting all of them on the server. */
  async empty<Result>(work: () => Promise<Result>): Promise<Result> {
    await changeState(LABELS, (labels) => emptied(labels));
    return await navigator.locks.request<Promise<Result>>(DELIVERY, async () => {
      const result = await work();
      await changeState(LABELS, (labels) => emptied(labels)); // with a label that arrived while this waited
      await confidenceCache.forget(); // the server has forgotten their score IDs
      return result;
    });
  }

  /** Empties the queue once the consent is withdrawn. Otherwise it delivers what a change of the settings may allow. */
  async follow({ taste }: Settings): Promise<void> {
    await changeState(LABELS, (labels) => {
      const isKept = labels.server === '' || taste.consent === placeOf(labels.server);
      return isKept ? labels : emptied(labels);
    });
    await this.deliver();
  }

  /** Delivers what waits, until nothing is left or the server doesn't answer. A call during a delivery makes it look again. */
  deliver(): Promise<void> {
    this.#again = true;
    this.#delivering ??= (async () => {
      try {
        while (this.#again) {
          this.#again = false;
          await navigator.locks.request(DELIVERY, () => this.#deliverAll());
        }
      } finally {
        this.#delivering = undefined;
      }
    })();
    return this.#delivering;
  }

  async #deliverAll(): Promise<void> {
    const delivering = whileAllowed(async (settings, signal) => {
      if (!mayDeliver(settings)) return;
      for (;;) {
        const { server, steps } = await this.labels();
        const [step] = steps;
        if (!step) return void (await browser.alarms.clear(LABEL_ALARM));
        if (server !== settings.server.address) return;
        signal.throwIfAborted();
        if (step.kind === 'send') await this.#send(step, settings, signal);
        else await this.#delete(step, settings, signal);
      }
    }, mayDeliver);
    await delivering.catch((error: unknown) => {
      // The alarm or the next label tries again.
      if (!(error instanceof ProblemError)) throw error;
    });
  }

  /** Sends a label. Throws ProblemError if the server can't take it now. */
  async #send(step: Sending, settings: Settings, signal: AbortSignal): Promise<void> {
    const { steps } = await changeState(LABELS, (labels) => trySending(labels, step.key));
    if (!steps.some(({ key }) => key === step.key)) return; // taken back since it was read
    try {
      const client = new ApiClient(settings.server, this.#parts.world);
      const threshold = await servedThreshold(client, settings, signal);
      const { id, outcome, agreement } = await client.swipe(step.label, threshold, signal);
      await changeState(LABELS, (labels) => arrived(labels, step.key, id));
      this.#parts.onArrived({ id: step.id, swipeId: id }, agreement, settings);
      this.#waiting.get(step.key)?.({ delivered: { id, outcome, agreement } });
    } catch (error) {
      if (!isPermanent(error)) throw error;
      if (error.code === 'score_unknown' && step.label.scoreId !== undefined) {
        await forgetScore(step);
        await changeState(LABELS, (labels) => withoutScore(labels, step.key)); // there are no photos here to send instead
        return;
      }
      reportError('sending a label', error);
      await changeState(LABELS, (labels) => refused(labels, step.key));
      this.#waiting.get(step.key)?.({ queued: false });
    }
  }

  /** Deletes a label that has arrived. Throws ProblemError if the server can't do it now. */
  async #delete({ key, swipeId }: Deletion, settings: Settings, signal: AbortSignal): Promise<void> {
    try {
      await new ApiClient(settings.server, this.#parts.world).deleteSwipe(swipeId, signal);
    } catch (error) {
      if (!isPermanent(error)) throw error;
      // An earlier try deleted it, and its answer was lost.
      if (error.code !== 'swipe_unknown') reportError('deleting a label', error);
    }
    await changeState(LABELS, (labels) => deleted(labels, key));
  }

  /** Changes the labels and waits for the step that this adds. Returns undefined if it adds none. */
  async #queue(change: (labels: Labels) => Labels): Promise<LabelAnswer | undefined> {
    const { promise, resolve } = Promise.withResolvers<LabelAnswer>();
    let key = -1;
    try {
      await changeState(LABELS, (before) => {
        const after = change(before);
        if (after.nextKey > before.nextKey) {
          key = before.nextKey;
          this.#waiting.set(key, resolve); // before a delivery can see the step
        }
        return after;
      });
      if (key === -1) return undefined;
      await this.#retryLater();
      await this.#wait(Promise.race([promise, this.#deliverLogged()]));
      resolve({ queued: true }); // unless it has been answered
      return await promise;
    } finally {
      this.#waiting.delete(key);
    }
  }

  /** Has the alarm continue if the worker ends, or the server is away. */
  async #retryLater(): Promise<void> {
    await browser.alarms.create(LABEL_ALARM, { periodInMinutes: RETRY_MINUTES });
  }

  #deliverLogged(): Promise<void> {
    return this.deliver().catch((error: unknown) => reportError('delivering labels', error));
  }

  /** Waits for work, at most 2 seconds. */
  async #wait(work: Promise<unknown> | undefined): Promise<void> {
    const over = new AbortController();
    const late = this.#parts.clock.delay(ANSWER_MS, over.signal).catch(() => {});
    try {
      await Promise.race([work?.catch(() => {}), late]);
    } finally {
      over.abort();
    }
  }

  #nowMs(): number {
    return this.#parts.clock.date().getTime();
  }
}

/** True while labels may be sent. It also holds in modes that add none. */
const mayDeliver = (settings: Settings) => isAllowed(settings) && hasTasteConsent(settings);

/** Has the profile scored again when it is shown again, because the server no longer keeps what this label names. */
async function forgetScore(label: Pick<Sending, 'label'> | undefined): Promise<void> {
  const scoreId = label?.label.scoreId;
  if (scoreId !== undefined) await confidenceCache.forget(scoreId);
}
