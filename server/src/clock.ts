import { setTimeout as sleep } from 'node:timers/promises';

/** The clock that modules use. Tests pass their own and never wait. */
export interface Clock {
  /** Milliseconds since an arbitrary moment. Never goes back. */
  now(): number;
  /** Resolves after `ms` milliseconds, or rejects when the signal aborts. Doesn't keep the process alive. */
  delay(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's monotonic clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  delay: (ms, signal) => sleep(ms, undefined, { ref: false, ...(signal && { signal }) }),
};

/** The current date and time. It can jump when the system clock is adjusted. */
export const systemDate = (): Date => new Date();
