import type { Clock } from '../../clock.ts';
import type { PermitAnswer } from '../../messages.ts';
import type { Today } from '../../own-messages.ts';
import type { Limits } from '../../storage/settings.ts';
import { changeState, readState } from '../../storage/stored-state.ts';
import { SWIPES, SWIPING_TAB } from '../../storage/swipes.ts';
import {
  beginSession,
  closeTab,
  type Moment,
  momentOf,
  type PermitRequest,
  permit,
  release,
  type SwipeState,
  settle,
  stopSwiping,
  swipedOn,
} from './limit-rule.ts';

/**
 * Applies limit-rule.ts to the stored state: which tab may swipe, and how much was swiped. Stores a permit before granting
 * it.
 */
export class SwipeLedger {
  readonly #clock: Pick<Clock, 'date'>;

  constructor(clock: Pick<Clock, 'date'>) {
    this.#clock = clock;
  }

  /** Grants or refuses a permit for a swipe. A granted permit is counted. */
  permit(request: PermitRequest, limits: Limits): Promise<PermitAnswer> {
    return this.#change((state, now) => permit(state, request, limits, now));
  }

  /** Takes back a permit, because nothing was pressed. Leaves settled and unknown permits alone. */
  release(id: string): Promise<void> {
    return this.#update((state) => release(state, id));
  }

  /** Settles a permit after its swipe was confirmed, or was pressed without being confirmed. */
  settle(id: string): Promise<void> {
    return this.#update((state) => settle(state, id));
  }

  /** Lets another tab swipe, because this one stopped or paused. */
  stopSwiping(tab: number): Promise<void> {
    return this.#update((state) => stopSwiping(state, tab));
  }

  /** Ends a tab's swiping, because it was closed or left its document. */
  closeTab(tab: number): Promise<void> {
    return this.#update((state) => closeTab(state, tab));
  }

  /** Starts a new session with counts of 0. */
  beginSession(): Promise<void> {
    return this.#update(beginSession);
  }

  /** Returns today's swipes and likes. */
  async today(): Promise<Today> {
    return swipedOn(await readState(SWIPES), momentOf(this.#clock.date()).day);
  }

  #update(change: (state: SwipeState, now: Moment) => SwipeState): Promise<void> {
    return this.#change((state, now) => ({ state: change(state, now), answer: undefined }));
  }

  /** Changes both parts of the state under the lock for swipes. Nothing else changes the swiping tab. */
  async #change<Output>(
    change: (state: SwipeState, now: Moment) => { state: SwipeState; answer: Output },
  ): Promise<Output> {
    let result!: Output;
    await changeState(SWIPES, async (swipes) => {
      const swipingTab = await readState(SWIPING_TAB);
      const { state, answer } = change({ swipes, swipingTab }, momentOf(this.#clock.date()));
      if (state.swipingTab !== swipingTab) await changeState(SWIPING_TAB, () => state.swipingTab);
      result = answer;
      return state.swipes;
    });
    return result;
  }
}
