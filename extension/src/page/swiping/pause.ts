import type { Clock } from '../../clock.ts';
import type { SessionStatus } from '../session/session-status.ts';

/** In Firefox, the key of a command reaches the page, too. The command arrives this much later at most. */
const SAME_KEY_MS = 500;

/** What pausing needs. */
export interface PauseParts {
  readonly status: Pick<SessionStatus, 'stopped' | 'stop'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly maySwipe: () => boolean;
  readonly resume: () => void;
}

/** Pauses and resumes swiping, for the control on the page and for the command's key. */
export class Pause {
  readonly #parts: PauseParts;
  #takenOverAtMs = Number.NEGATIVE_INFINITY;

  constructor(parts: PauseParts) {
    this.#parts = parts;
  }

  /** Pauses swiping, unless something has stopped it already. */
  pause(): void {
    const { status, maySwipe } = this.#parts;
    if (maySwipe() && !status.stopped) status.stop('paused');
  }

  /** Runs what a session does when the person acts on the page, and notes whether that stopped it. */
  noting(acted: () => void): void {
    const { status, clock } = this.#parts;
    const wasStopped = status.stopped !== undefined;
    acted();
    if (!wasStopped && status.stopped) this.#takenOverAtMs = clock.now();
  }

  /** Pauses, or resumes what is stopped. A stop by the very key that asks for this was a pause. */
  toggle(): void {
    const { status, clock, resume } = this.#parts;
    const isSameKey = clock.now() - this.#takenOverAtMs < SAME_KEY_MS && status.stopped?.reason === 'person_acted';
    if (isSameKey) status.stop('paused');
    else if (status.stopped) resume();
    else this.pause();
  }
}
