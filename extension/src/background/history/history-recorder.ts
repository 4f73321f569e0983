import type { AgreementAnswer } from '@swipenet/shared/contract/swipes.ts';
import type { Clock } from '../../clock.ts';
import type { Request } from '../../messages.ts';
import type { HistoryEntry, HistoryStore } from '../../storage/history.ts';
import { keepsHistory, readSettings, type Settings } from '../../storage/settings.ts';
import type { ArrivedLabel } from '../labels/label-queue.ts';
import { keyedHashOf } from '../labels/profile-id.ts';

/** The name of the lock under which swipes are added and deleted, so that none is added after it was deleted. */
const RECORDING = 'history recording';

const DAY_MS = 24 * 3_600_000;

/** After how many days a person may be shown again without being recognized. */
const RECOGNIZED_DAYS = 90;

/** What a recorder needs. */
export interface HistoryRecorderParts {
  readonly store: HistoryStore;
  readonly clock: Pick<Clock, 'date'>;
}

/**
 * Writes the history: what the pages report, and what becomes of it. A profile's ID is hashed with a key that never leaves
 * this browser and isn't the server's, so that the history is independent of learning and can't be matched with a server.
 */
export class HistoryRecorder {
  readonly #store: HistoryStore;
  readonly #clock: Pick<Clock, 'date'>;

  constructor({ store, clock }: HistoryRecorderParts) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Adds a confirmed swipe if a history is kept, and deletes what is too old. */
  add(swipe: Omit<Request<'label'>, 'kind'>): Promise<void> {
    return this.#whileRecording(async (settings) => {
      if (!keepsHistory(settings)) return;
      await this.#removeOld(settings);
      await this.#store.add(await this.#entryOf(swipe));
    });
  }

  /** Notes that a label has arrived on the server. */
  async arrived(
    { id, swipeId }: ArrivedLabel,
    { balanced, lowerBound }: Pick<AgreementAnswer, 'balanced' | 'lowerBound'>,
    { server }: Settings,
  ): Promise<void> {
    const label = { server: server.address, swipeId };
    await this.#store.change(id, (entry) => ({ ...entry, label, agreement: { balanced, lowerBound } }));
  }

  /** Notes that a label was taken back, although its swipe was not. */
  async unlabeled(id: string): Promise<void> {
    await this.#store.change(id, ({ label: _label, agreement: _agreement, ...entry }) => entry);
  }

  /** Notes that the person corrected a swipe. */
  async corrected(id: string, to: HistoryEntry['swipe']): Promise<void> {
    await this.#store.change(id, ({ corrected: _before, ...entry }) =>
      to === entry.swipe ? entry : { ...entry, corrected: to },
    );
  }

  /** Deletes entries and returns what was stored under their ids. */
  remove(ids: readonly string[]): Promise<HistoryEntry[]> {
    return this.#whileRecording(() => this.#store.remove(ids));
  }

  /** Deletes everything. */
  clear(): Promise<void> {
    return this.#whileRecording(() => this.#store.clear());
  }

  /** Deletes everything if the person withdrew the consent, and otherwise what is too old. */
  follow(): Promise<void> {
    return this.#whileRecording(async (settings) => {
      if (settings.consent === null) await this.#store.clear();
      else await this.#removeOld(settings);
    });
  }

  /** Returns the last swipe of a profile within 90 days, given the site's own ID. */
  async earlierSwipe(site: string, profile: string): Promise<HistoryEntry | undefined> {
    const entry = await this.#store.latestOf(await this.#profileOf(site, profile));
    return entry && entry.atMs > this.#daysAgoMs(RECOGNIZED_DAYS) ? entry : undefined;
  }

  async #entryOf({
    id,
    own,
    site,
    profile,
    swipe,
    verdict,
    decidedBy,
    judged,
    ruling,
  }: Omit<Request<'label'>, 'kind'>) {
    const { photos, decision, threshold, model, words } = judged ?? {};
    return {
      ...{ id, site, swipe, atMs: this.#clock.date().getTime(), seen: verdict },
      by: own ? (decidedBy === 'rule' ? 'rule' : 'swipenet') : 'you',
      ...(profile !== undefined && { profile: await this.#profileOf(site, profile) }),
      ...(ruling && { ruling }),
      ...(judged && { verdict: { photos, decision, threshold, model, ...(words && { words }) } }),
    } as HistoryEntry;
  }

  async #profileOf(site: string, profile: string): Promise<string> {
    return await keyedHashOf(site, profile, await this.#store.profileKey());
  }

  async #removeOld({ historyDays }: Settings): Promise<void> {
    await this.#store.removeBefore(this.#daysAgoMs(historyDays));
  }

  #daysAgoMs(days: number): number {
    return this.#clock.date().getTime() - days * DAY_MS;
  }

  /** Reads the settings under the lock, so that a consent that is withdrawn meanwhile is obeyed afterwards. */
  #whileRecording<Result>(work: (settings: Settings) => Promise<Result>): Promise<Result> {
    return navigator.locks.request<Promise<Result>>(RECORDING, async () => work(await readSettings()));
  }
}
