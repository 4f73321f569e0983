import { setTimeout as sleep } from 'node:timers/promises';

/** Time as modules here see it; tests bring their own and never wait. */
export interface Clock {
  /** Milliseconds since some moment, never going back. */
  now(): number;
  /** Resolves after so many milliseconds; rejects when the signal aborts first. Keeps no process alive. */
  delay(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => performance.now(),
  delay: (ms, signal) => sleep(ms, undefined, { ref: false, ...(signal && { signal }) }),
};

/** The machine's day and time, which may be set back. */
export const systemDate = (): Date => new Date();
