import type { ModelAnswer } from '@swipenet/shared/contract/model.ts';
import type { Gpus, StatusAnswer } from '@swipenet/shared/contract/status.ts';
import type { BatcherCounts } from '../inference/batching/batch.ts';
import type { DecoderStats } from '../inference/decoding/child-decoder.ts';
import type { EngineStats } from '../inference/engine.ts';
import type { CacheCounts } from '../inference/result-cache.ts';
import type { EventLoopDelay } from './event-loop-delay.ts';
import type { Metrics } from './metrics.ts';
import type { ProcessUsage } from './process-usage.ts';

/** The sources of a status. Each is read when the status is requested. */
export interface StatusSources {
  readonly state: () => StatusAnswer['state'];
  readonly model: () => ModelAnswer;
  /** What the current model's scorer and engines are doing. */
  readonly stats: () => {
    readonly engines: readonly Pick<EngineStats, 'alive' | 'pid' | 'restarts' | 'batches' | 'replica'>[];
    readonly decoders: readonly DecoderStats[];
    readonly batcher: Pick<BatcherCounts, 'waiting' | 'running'>;
    /** `undefined` if the cache is off. */
    readonly cache: Pick<CacheCounts, 'hits' | 'joined' | 'misses'> | undefined;
  };
  readonly metrics: Pick<Metrics, 'totals'>;
  readonly eventLoopDelay: () => EventLoopDelay;
  readonly usageOf: (pid: number) => Promise<ProcessUsage>;
  readonly gpu: () => Promise<Gpus>;
  /** The server's own process. */
  readonly self: {
    readonly pid: number;
    /** Returns the time since the server started. */
    readonly uptimeMs: () => number;
    readonly memoryBytes: () => number;
    readonly cpuSeconds: () => number;
  };
  readonly cores: number;
}

/** Returns what the status says of an engine on another machine. */
function replicaOf({ replica, batches }: Pick<EngineStats, 'batches' | 'replica'>) {
  if (!replica) return {};
  const { fault = null, ejections, ...counts } = replica;
  return { replica: { ...counts, fault, batches, ejections: { ...ejections } } };
}

/** Builds the response of `GET /v1/status` from its sources. */
export async function readStatus(sources: StatusSources): Promise<StatusAnswer> {
  const { self } = sources;
  const { id, sha256, precision, rule, device } = sources.model();
  const stats = sources.stats();
  const { waiting, running } = stats.batcher;
  const cache = stats.cache ? { hits: stats.cache.hits + stats.cache.joined, misses: stats.cache.misses } : null;
  const withUsage = async ({ alive, pid, restarts }: DecoderStats) => ({
    pid: pid ?? null,
    alive,
    restarts,
    ...(pid === undefined ? { memoryBytes: null, cpuSeconds: null } : await sources.usageOf(pid)),
  });
  const [{ pendingRequests, ...totals }, gpu, engines, decoders] = await Promise.all([
    sources.metrics.totals(),
    sources.gpu(),
    Promise.all(stats.engines.map(async (engine) => ({ ...(await withUsage(engine)), ...replicaOf(engine) }))),
    Promise.all(stats.decoders.map(withUsage)),
  ]);
  return {
    state: sources.state(),
    uptimeMs: self.uptimeMs(),
    model: { id, sha256, ...(precision && { precision }), ...(rule && { rule }) },
    device: { name: device.name, executionProvider: device.executionProvider, reason: device.reason },
    ...totals,
    photos: { ...totals.photos, scored: totals.photos.scored + (cache?.hits ?? 0) },
    cache,
    queue: { waiting, running, pendingRequests },
    engines,
    decoders,
    server: {
      pid: self.pid,
      memoryBytes: self.memoryBytes(),
      cpuSeconds: self.cpuSeconds(),
      eventLoopDelayP99Ms: sources.eventLoopDelay().p99Ms,
    },
    cores: sources.cores,
    gpu,
  };
}
