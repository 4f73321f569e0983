// Loaded into a measured server with `--import`. On request, it reports the delay of the event loop since the previous
// request: the 99th percentile, in milliseconds.
import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 5;

const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
histogram.enable();
process.on('message', (message) => {
  if (message !== 'loop-delay') return;
  process.send?.({ p99Ms: histogram.percentile(99) / 1e6 - RESOLUTION_MS }); // recorded values include the timer's own interval
  histogram.reset();
});
process.channel?.unref();
