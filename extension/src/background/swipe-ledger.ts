import browser from 'webextension-polyfill';
import type { Clock } from '../clock.ts';
import type { PermitAnswer } from '../messages.ts';
import type { Today } from '../own-messages.ts';
import type { Limits } from '../settings.ts';
import {
  beginSession,
  closed,
  type Moment,
  momentOf,
  NO_SWIPES,
  type PermitRequest,
  permit,
  release,
  type SwipeState,
  settle,
  swipedOn,
  swipesSchema,
  turnSchema,
  yielded,
} from './limit-rule.ts';

const SWIPES = 'swipes';
const TURN = 'turn';

/**
 * Who may swipe, and how much was swiped: the rule of limit-rule.ts over what is stored. Counts are in `storage.local` and
 * survive the worker and the browser; the turn is in `storage.session`, since a tab does not survive the browser. A grant
 * is stored before it is given. Changes are made one after the other under a lock of the browser's, whichever instance
 * makes them.
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

  /** A tab does not swipe any more, or for a while. */
  yieldTurn(tab: number): Promise<void> {
    return this.#update((state) => yielded(state, tab));
  }

  /** A tab was closed, or left its document. */
  close(tab: number): Promise<void> {
    return this.#update((state) => closed(state, tab));
  }

  /** A new session's counts begin. */
  beginSession(): Promise<void> {
    return this.#update(beginSession);
  }

  /** What was swiped today. */
  async today(): Promise<Today> {
    return swipedOn(await read(), momentOf(this.#clock.date()).day);
  }

  #update(change: (state: SwipeState, now: Moment) => SwipeState): Promise<void> {
    return this.#change((state, now) => ({ state: change(state, now), answer: undefined }));
  }

  #change<Output>(change: (state: SwipeState, now: Moment) => { state: SwipeState; answer: Output }): Promise<Output> {
    return navigator.locks.request(SWIPES, async () => {
      const before = await read();
      const { state, answer } = change(before, momentOf(this.#clock.date()));
      await Promise.all([
        state.swipes !== before.swipes && browser.storage.local.set({ [SWIPES]: state.swipes }),
        state.turn !== before.turn && browser.storage.session.set({ [TURN]: state.turn }),
      ]);
      return answer;
    });
  }
}

async function read(): Promise<SwipeState> {
  const [local, session] = await Promise.all([browser.storage.local.get(SWIPES), browser.storage.session.get(TURN)]);
  return {
    swipes: swipesSchema.safeParse(local[SWIPES]).data ?? NO_SWIPES.swipes,
    turn: turnSchema.safeParse(session[TURN]).data ?? NO_SWIPES.turn,
  };
}
