import type { Device } from '../runtime/session.ts';

/** How a machine is used: how many engine processes, with how many threads each, in what batches. */
export interface EnginePlan {
  readonly engines: number;
  readonly threadsPerEngine: number;
  /** The most photos in one batch. */
  readonly maxBatch: number;
  /** Batches are padded up to one of these sizes; empty: they run as they are. */
  readonly batchSizes: readonly number[];
  /** The batch sizes that run once before the engine is ready. */
  readonly warmSizes: readonly number[];
  /** An engine process that holds more memory is replaced. */
  readonly maxRssBytes: number;
}

/** CUDA searches its convolution algorithms anew for every batch size it has not seen: so there are few, all warm. */
const CUDA_BATCH_SIZES = [1, 2, 4, 8, 16, 32];

/** More processes than this hold more memory (about 140 MB each) than they bring speed; further cores become threads. */
const MAX_CPU_ENGINES = 8;

/** What a process may grow to: several times what it holds after its first batches (CUDA's libraries alone hold some GB). */
const MAX_RSS_BYTES = { cpu: 1e9, cuda: 8e9 };

/**
 * The plan for a device. On a CPU one-thread processes side by side beat threads inside one process, and batches gain
 * nothing (docs/experiments.md has the measurement): photos go one by one to whichever engine is free, so that none
 * stands idle while a profile's last photos wait in another's batch.
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

/** The size that a batch of `count` photos is padded to: the smallest of the plan's that holds it. */
export function paddedSize(count: number, batchSizes: readonly number[]): number {
  return batchSizes.find((size) => size >= count) ?? count;
}
