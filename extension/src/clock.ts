/** Time as modules here see it; tests bring their own and never wait. */
export interface Clock {
  /** Milliseconds since some moment, never going back. */
  now(): number;
  /** Resolves after so many milliseconds; rejects with the signal's reason when it aborts first. */
  delay(ms: number, signal?: AbortSignal): Promise<void>;
  /** A signal that aborts after so many milliseconds. */
  deadline(ms: number): AbortSignal;
  /** The wall's date and time, for calendar days. */
  date(): Date;
}

/** The browser's own time. */
export const systemClock: Clock = {
  now: () => performance.now(),
  delay: (ms, signal) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    const give = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    if (signal?.aborted) give();
    signal?.addEventListener('abort', give, { once: true });
    return promise.finally(() => signal?.removeEventListener('abort', give));
  },
  deadline: (ms) => AbortSignal.timeout(ms),
  date: () => new Date(),
};

/**
 * A clock that runs slower by so many times (or, below 1, faster): for pages and connections that need more time than most.
 * The date stays what it is.
 */
export function patientClock(clock: Clock, patience: number): Clock {
  return {
    now: () => clock.now() / patience,
    delay: (ms, signal) => clock.delay(ms * patience, signal),
    deadline: (ms) => clock.deadline(Math.ceil(ms * patience)),
    date: () => clock.date(),
  };
}
