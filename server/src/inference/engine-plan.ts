import type { Device } from '../runtime/session.ts';

/** How to use a machine: how many engine processes, how many threads in each, and which batch sizes. */
export interface EnginePlan {
  readonly engines: number;
  readonly threadsPerEngine: number;
  /** The maximum number of photos in a batch. */
  readonly maxBatch: number;
  /** Batches are padded to the next of these sizes. If there are none, batches aren't padded. */
  readonly batchSizes: readonly number[];
  /** Batch sizes to run once before the engine is ready. */
  readonly warmSizes: readonly number[];
  /** An engine process that uses more memory is replaced. */
  readonly maxRssBytes: number;
}

/** CUDA searches for convolution algorithms at each new batch size, so there are only a few sizes, all warmed up. */
const CUDA_BATCH_SIZES = [1, 2, 4, 8, 16, 32];

/**
 * Each process takes about 140 MB. More processes than this aren't worth their memory, so extra cores become threads.
 */
const MAX_CPU_ENGINES = 8;

/** Memory limits: several times the usage after the first batches. CUDA's libraries alone take a few GB. */
const MAX_RSS_BYTES = { cpu: 1e9, cuda: 8e9 };

/**
 * Plans the engines for a device. On a CPU, single-threaded processes are faster than threads within one process, and
 * batches gain nothing (docs/experiments.md has the measurements). Photos go one at a time to the next free engine, so
 * that no engine idles while a profile's last photos wait in another engine's batch.
 */
export function planEngines(device: Device, cores: number): EnginePlan {
  if (device !== 'cpu') {
    const [batchSizes, warmSizes] = [CUDA_BATCH_SIZES, CUDA_BATCH_SIZES];
    return { engines: 1, threadsPerEngine: 1, maxBatch: 32, batchSizes, warmSizes, maxRssBytes: MAX_RSS_BYTES.cuda };
  }
  const engines = Math.min(cores, MAX_CPU_ENGINES);
  const threadsPerEngine = Math.floor(cores / engines);
  return { engines, threadsPerEngine, maxBatch: 1, batchSizes: [], warmSizes: [1], maxRssBytes: MAX_RSS_BYTES.cpu };
}

/** Returns the size to pad a batch of `count` photos to: the smallest planned size that fits. */
export function paddedSize(count: number, batchSizes: readonly number[]): number {
  return batchSizes.find((size) => size >= count) ?? count;
}
