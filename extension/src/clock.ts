/** The source of time for the extension. Tests pass a fake clock and never wait. */
export interface Clock {
  /** Monotonic time in milliseconds since an arbitrary moment. */
  now(): number;
  /** Resolves after `ms` milliseconds. Rejects with the signal's reason if it aborts first. */
  delay(ms: number, signal?: AbortSignal): Promise<void>;
  /** Returns a signal that aborts after `ms` milliseconds. */
  deadline(ms: number): AbortSignal;
  /** The wall-clock date and time, for calendar days. */
  date(): Date;
}

/** The browser's real clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  delay: (ms, signal) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { once: true });
    return promise.finally(() => signal?.removeEventListener('abort', abort));
  },
  deadline: (ms) => AbortSignal.timeout(ms),
  date: () => new Date(),
};

/**
 * Returns a clock whose delays and deadlines last `patience` times as long, for slow pages and connections. Below 1 they
 * are shorter. The date is unchanged.
 */
export function patientClock(clock: Clock, patience: number): Clock {
  return {
    now: () => clock.now() / patience,
    delay: (ms, signal) => clock.delay(ms * patience, signal),
    deadline: (ms) => clock.deadline(Math.ceil(ms * patience)),
    date: () => clock.date(),
  };
}

/** Returns a random number from 0 up to, but not including, 1. */
export const systemChance = (): number => Math.random();
