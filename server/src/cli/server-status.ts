import { cores } from '../config.ts';
import { watchEventLoop } from '../http/event-loop-delay.ts';
import { gpuUsage } from '../http/gpu-usage.ts';
import { processUsage } from '../http/process-usage.ts';
import { readStatus, type StatusSources } from '../http/server-status.ts';
import { systemClock } from '../inference/clock.ts';

/** The reader of this process's status, for `GET /v1/status`; its uptime begins now. */
export function statusOf(sources: Pick<StatusSources, 'state' | 'model' | 'metrics' | 'stats'>) {
  const begin = systemClock.now();
  const eventLoopDelay = watchEventLoop();
  return () =>
    readStatus({
      ...sources,
      eventLoopDelay,
      usageOf: processUsage,
      gpu: gpuUsage,
      self: {
        pid: process.pid,
        uptimeMs: () => systemClock.now() - begin,
        memoryBytes: () => process.memoryUsage.rss(),
        cpuSeconds: () => {
          const { user, system } = process.cpuUsage();
          return (user + system) / 1e6;
        },
      },
      cores,
    });
}
