import type { Clock } from '../../clock.ts';
import type { PermitAnswer } from '../../messages.ts';
import { needsPerson, type Reason } from '../../reasons.ts';
import type { Swipe } from '../../sites/site-adapter.ts';
import type { SessionStatus } from '../session/session-status.ts';

/**
 * Delays before asking the worker again: after a temporary refusal, and after the worker died before it could answer.
 */
const ASK_AGAIN_MS = 2_000;
const WORKER_BACK_MS = 200;

/**
 * The id of a permit for one swipe, the reason for a refusal that only the person can change, or that the server has
 * another model than the one that judged the profile.
 */
export type Permit =
  | { readonly id: string }
  | { readonly refused: Reason; readonly detail?: string }
  | { readonly outdated: true };

/** The swipe that a permit is for, and the model whose verdict it is. A rule's has none. */
export interface PermitFor {
  readonly swipe: Swipe;
  readonly model: string | undefined;
}

/** What it takes to request permits. */
export interface PermitParts {
  readonly ask: (id: string, wanted: PermitFor) => Promise<PermitAnswer>;
  readonly release: (id: string, pressed: boolean) => void;
  readonly status: SessionStatus;
  /** The person sets the pace, so this clock must be the real one, never scaled by patience. */
  readonly clock: Clock;
  /** Identifies this session. */
  readonly name: string;
}

/**
 * Asks the worker for a permit before each swipe. The worker knows the limits, the other tabs and when the next swipe
 * is due. It counts a permit when it grants it, so that no crash can exceed a limit. Unused permits are released.
 */
export class SwipePermits {
  readonly #parts: PermitParts;
  #count = 0;

  constructor(parts: PermitParts) {
    this.#parts = parts;
  }

  /** Returns a permit when it is due, or undefined once it is no longer wanted. */
  async get(what: PermitFor, wanted: () => boolean, signal: AbortSignal): Promise<Permit | undefined> {
    const { name } = this.#parts;
    this.#count += 1;
    const id = `${name}/swipe-${this.#count}`;
    let permit: Permit | undefined;
    try {
      permit = await this.#ask(id, what, wanted, signal);
      return permit;
    } finally {
      // The worker may have granted it and died before it could answer, or the card may be gone by now.
      if (!permit || !('id' in permit)) this.release(id);
    }
  }

  async #ask(id: string, what: PermitFor, wanted: () => boolean, signal: AbortSignal): Promise<Permit | undefined> {
    const { ask, status, clock } = this.#parts;
    for (let attempt = 0; wanted(); attempt += 1) {
      // Retries use the same id, so that a lost answer never leads to a second permit.
      const answer = await ask(id, what).catch(() => undefined);
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
      } else if ('outdated' in answer) {
        return answer;
      } else {
        const { refused, detail } = answer;
        if (needsPerson(refused)) return { refused, ...(detail !== undefined && { detail }) };
        status.wait(refused, detail);
        await clock.delay(ASK_AGAIN_MS, signal);
      }
    }
    return undefined;
  }

  /** Releases a permit. If `pressed`, a button was pressed under it, so it stays counted. */
  release(id: string, pressed = false): void {
    this.#parts.release(id, pressed);
  }
}
