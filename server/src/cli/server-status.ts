import { systemClock } from '../clock.ts';
import { cores } from '../config/machine.ts';
import { watchEventLoop } from '../observe/event-loop-delay.ts';
import { gpuUsage } from '../observe/gpu-usage.ts';
import { processUsage } from '../observe/process-usage.ts';
import { readStatus, type StatusSources } from '../observe/status.ts';

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
