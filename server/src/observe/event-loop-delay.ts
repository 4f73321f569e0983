import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How late the event loop was since the last call, in milliseconds. */
export interface EventLoopDelay {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** The sampling interval. */
const RESOLUTION_MS = 10;

/**
 * Starts watching the event loop. The returned function reports the delay since its last call. Node includes the
 * sampling interval in the delay; this subtracts it.
 */
export function watchEventLoop(): () => EventLoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  return () => {
    const delay = {
      p50Ms: late(histogram.percentile(50)),
      p99Ms: late(histogram.percentile(99)),
      maxMs: late(histogram.max),
    };
    histogram.reset();
    return delay;
  };
}
