import type { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { DecoderEvents } from '../inference/decoding/decoder-pool.ts';
import type { InferenceEvents } from '../inference/open-scorer.ts';
import { watchEventLoop } from './event-loop-delay.ts';
import { gpuUsage } from './gpu-usage.ts';
import { errorFields, type Log } from './log.ts';
import { Metrics } from './metrics.ts';
import type { ModelMetrics } from './model-metrics.ts';
import { processUsage } from './process-usage.ts';
import { readStatus, type StatusSources } from './status.ts';

export interface ObservedServer {
  readonly log: Log;
  /** Returns milliseconds since an arbitrary moment. */
  readonly now: () => number;
  readonly cores: number;
}

/**
 * Sets up log, metrics and status of a server. `eventsOf` goes to the engines of a model, `decoderEvents` to the decoders,
 * and `forApp` to the HTTP app.
 */
export function observeServer({ log, now, cores }: ObservedServer) {
  const metrics = new Metrics();
  return {
    eventsOf: ({
      manifest,
    }: {
      readonly manifest: { readonly id: string; readonly model: { readonly sha256: string } };
    }) => observeEngines(log, metrics.forModel({ id: manifest.id, sha256: manifest.model.sha256 })),
    decoderEvents: observeDecoders(log),
    forApp: (sources: Pick<StatusSources, 'state' | 'model' | 'stats'>) => ({
      log,
      metrics,
      report: reportTo(log),
      status: statusReader({ ...sources, metrics, cores }, now),
    }),
  };
}

/** Logs requests that failed with a server error: bugs as `error`, the rest as `warn`. */
function reportTo(log: Log) {
  return (error: SwipenetError, requestId: string): void => {
    log[error.code === 'internal' ? 'error' : 'warn']({ requestId, ...errorFields(error) }, 'request failed');
  };
}

/** Counts a model's inference events, and logs when engines go down or restart. */
function observeEngines(log: Log, { onFlush, onBatchEnd }: ModelMetrics): InferenceEvents {
  return {
    onFlush,
    onBatchEnd,
    onTrouble: (error) => log.warn(errorFields(error), 'engine down'),
    onRestart: (restart) => log.info(restart, 'engine restarted'),
  };
}

/** Logs when decoders go down or restart. */
const observeDecoders = (log: Log): DecoderEvents => ({
  onTrouble: (error) => log.warn(errorFields(error), 'decoder down'),
  onRestart: (restart) => log.info(restart, 'decoder restarted'),
});

/** Creates the reader for `GET /v1/status`. The uptime starts now. */
function statusReader(
  sources: Pick<StatusSources, 'state' | 'model' | 'metrics' | 'stats' | 'cores'>,
  now: () => number,
) {
  const begin = now();
  const eventLoopDelay = watchEventLoop();
  return () =>
    readStatus({
      ...sources,
      eventLoopDelay,
      usageOf: processUsage,
      gpu: gpuUsage,
      self: {
        pid: process.pid,
        uptimeMs: () => now() - begin,
        memoryBytes: () => process.memoryUsage.rss(),
        cpuSeconds: () => {
          const { user, system } = process.cpuUsage();
          return (user + system) / 1e6;
        },
      },
    });
}
