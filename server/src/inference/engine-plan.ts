import type { Device } from '../runtime/session.ts';

/** How to use a machine: how many engine processes, how many threads in each, and which batch sizes. */
export interface EnginePlan {
  readonly engines: number;
  readonly threadsPerEngine: number;
  /** The maximum number of photos in a batch. */
  readonly maxBatch: number;
  /**
   * Batches are padded to the next of these sizes, ascending, and each size has a session of its own. If there are none,
   * batches aren't padded, and one session takes them all.
   */
  readonly batchSizes: readonly number[];
  /** A batch takes this many photos before another engine gets any. By default, the first of `batchSizes`, or 1. */
  readonly smallestBatch?: number;
  /** Computes with TF32 (runtime/device-process.ts). */
  readonly tf32: boolean;
  /** Batch sizes to run once before the engine is ready. */
  readonly warmSizes: readonly number[];
  /** An engine process that uses more memory is replaced. */
  readonly maxRssBytes: number;
}

/** How to use a GPU. */
export interface GpuPlan {
  /** Engine processes that share the GPU. Each one's copies and launches overlap with the computing of the others. */
  readonly engines: number;
  /** Ascending. */
  readonly batchSizes: readonly number[];
  readonly tf32: boolean;
}

/**
 * ONNX Runtime plans every convolution anew when a session gets another batch size, which takes tens of milliseconds on a
 * GPU. So there is one size, and a lone photo computes as much as 32. Which size and how many engines are best hasn't been
 * measured yet.
 */
const GPU_PLAN: GpuPlan = { engines: 1, batchSizes: [32], tf32: false };

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
 *
 * @param gpu replaces parts of the plan for a GPU. Doesn't affect a CPU.
 */
export function planEngines(device: Device, cores: number, gpu: Partial<GpuPlan> = {}): EnginePlan {
  if (device !== 'cpu') {
    const { engines, batchSizes, tf32 } = { ...GPU_PLAN, ...gpu };
    return {
      ...{ engines, batchSizes, warmSizes: batchSizes, tf32 },
      threadsPerEngine: 1,
      maxBatch: Math.max(...batchSizes),
      maxRssBytes: MAX_RSS_BYTES.cuda,
    };
  }
  const engines = Math.min(cores, MAX_CPU_ENGINES);
  const threadsPerEngine = Math.floor(cores / engines);
  return {
    ...{ engines, threadsPerEngine, tf32: false, maxBatch: 1, batchSizes: [], warmSizes: [1] },
    maxRssBytes: MAX_RSS_BYTES.cpu,
  };
}
