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
 * Who may swipe, and how much was swiped: the rule of limit-rule.ts over what is stored. A permit is stored before it is
 * given.
 */
export class SwipeLedger {
  readonly #clock: Pick<Clock, 'date'>;

  constructor(clock: Pick<Clock, 'date'>) {
    this.#clock = clock;
  }

  /** May this swipe be made now? The answer counts it. */
  permit(request: PermitRequest, limits: Limits): Promise<PermitAnswer> {
    return this.#change((state, now) => permit(state, request, limits, now));
  }

  /** Nothing was pressed under this permit: it is taken back. One that was settled, or is not known, is left alone. */
  release(id: string): Promise<void> {
    return this.#update((state) => release(state, id));
  }

  /** The swipe of this permit was seen to be made, or given up after a press. */
  settle(id: string): Promise<void> {
    return this.#update((state) => settle(state, id));
  }

  /** A tab stops swiping, for good or for a while. */
  stopSwiping(tab: number): Promise<void> {
    return this.#update((state) => stopSwiping(state, tab));
  }

  /** A tab was closed, or left its document. */
  closeTab(tab: number): Promise<void> {
    return this.#update((state) => closeTab(state, tab));
  }

  /** A new session's counts begin. */
  beginSession(): Promise<void> {
    return this.#update(beginSession);
  }

  /** What was swiped today. */
  async today(): Promise<Today> {
    return swipedOn(await readState(SWIPES), momentOf(this.#clock.date()).day);
  }

  #update(change: (state: SwipeState, now: Moment) => SwipeState): Promise<void> {
    return this.#change((state, now) => ({ state: change(state, now), answer: undefined }));
  }

  /** Changes both parts of the state under the lock of the swipes; nothing else changes the swiping tab. */
  async #change<Output>(
    change: (state: SwipeState, now: Moment) => { state: SwipeState; answer: Output },
  ): Promise<Output> {
    let given!: Output;
    await changeState(SWIPES, async (swipes) => {
      const swipingTab = await readState(SWIPING_TAB);
      const { state, answer } = change({ swipes, swipingTab }, momentOf(this.#clock.date()));
      if (state.swipingTab !== swipingTab) await changeState(SWIPING_TAB, () => state.swipingTab);
      given = answer;
      return state.swipes;
    });
    return given;
  }
}
