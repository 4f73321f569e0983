// Loaded into a measured server with `--import`: tells on its channel how late its event loop was since it was last
// asked, as the 99th percentile in milliseconds.
import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 5;

const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
histogram.enable();
process.on('message', (message) => {
  if (message !== 'loop-delay') return;
  process.send?.({ p99Ms: histogram.percentile(99) / 1e6 - RESOLUTION_MS }); // what it recorded holds the timer's own interval
  histogram.reset();
});
process.channel?.unref();
