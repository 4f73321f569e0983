import type { Clock } from '../clock.ts';
import type { PermitAnswer } from '../messages.ts';
import { needsPerson, type Reason } from '../reasons.ts';
import type { Swipe } from '../sites/site-adapter.ts';
import type { SessionStatus } from './session-status.ts';

/** So long after a refusal that passes by itself the worker is asked again, and where it died before it could answer. */
const ASK_AGAIN_MS = 2_000;
const WORKER_BACK_MS = 200;

/** A permit for one swipe, by its id; or why there is none and only the person can change that. */
export type Permit = { readonly id: string } | { readonly refused: Reason; readonly detail?: string };

/** What permits are asked by. */
export interface PermitParts {
  readonly ask: (id: string, swipe: Swipe) => Promise<PermitAnswer>;
  readonly release: (id: string, pressed: boolean) => void;
  readonly status: SessionStatus;
  /** The pace is the person's word, so this clock is nobody's to slow down or speed up. */
  readonly clock: Clock;
  /** Tells this session from every other. */
  readonly name: string;
}

/**
 * Asks the worker before each swipe: it knows the limits, what other tabs do, and when the next one is due. A permit is
 * counted when it is given, so that no limit is exceeded whatever dies in between; one that is not used is given back.
 */
export class SwipePermits {
  readonly #parts: PermitParts;
  #count = 0;

  constructor(parts: PermitParts) {
    this.#parts = parts;
  }

  /** A permit, when it is due; undefined once it is not wanted any more. */
  async get(swipe: Swipe, wanted: () => boolean, signal: AbortSignal): Promise<Permit | undefined> {
    const { name } = this.#parts;
    this.#count += 1;
    const id = `${name}/swipe-${this.#count}`;
    let permit: Permit | undefined;
    try {
      permit = await this.#ask(id, swipe, wanted, signal);
      return permit;
    } finally {
      // The worker may have given it, and died before it could say so; or the card has gone meanwhile.
      if (!permit || 'refused' in permit) this.release(id);
    }
  }

  async #ask(id: string, swipe: Swipe, wanted: () => boolean, signal: AbortSignal): Promise<Permit | undefined> {
    const { ask, status, clock } = this.#parts;
    for (let attempt = 0; wanted(); attempt += 1) {
      // Asked under the same id after a worker's death: whatever the last answer was, it is one permit.
      const answer = await ask(id, swipe).catch(() => undefined);
      signal.throwIfAborted();
      if (!answer) {
        if (attempt > 0) status.wait('worker_gone');
        await clock.delay(WORKER_BACK_MS, signal);
      } else if ('permitted' in answer) {
        status.clear();
        return { id };
      } else if ('waitMs' in answer) {
        status.clear();
        await clock.delay(answer.waitMs, signal);
      } else {
        const { refused, detail } = answer;
        if (needsPerson(refused)) return { refused, ...(detail !== undefined && { detail }) };
        status.wait(refused, detail);
        await clock.delay(ASK_AGAIN_MS, signal);
      }
    }
    return undefined;
  }

  /** Gives a permit back; `pressed`: something was pressed under it, so it stays counted. */
  release(id: string, pressed = false): void {
    this.#parts.release(id, pressed);
  }
}
