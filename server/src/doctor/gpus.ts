import * as z from 'zod';
import type { RunProgram } from '../child/run-program.ts';
import { queryGpus } from '../runtime/nvidia-smi.ts';

/** What the checks need to know of a GPU. */
const valuesSchema = z.object({
  index: z.coerce.number().int().min(0),
  name: z.string().min(1),
  driver_version: z.string().regex(/^\d+(\.\d+)*$/),
  compute_cap: z.string().regex(/^\d+\.\d+$/),
  'memory.total': z.string(),
});

/** A GPU as the driver describes it. */
export interface Gpu {
  readonly index: number;
  readonly name: string;
  /** As `580.65.06`. */
  readonly driver: string;
  /** As `8.9`. */
  readonly computeCapability: string;
  /** As `24564 MiB`, or words when the driver does not know. */
  readonly memory: string;
}

/** The GPUs of this machine. @throws Error with what is wrong, also when the driver doesn't know what a GPU is. */
export async function listGpus(run: RunProgram): Promise<Gpu[]> {
  const gpus = await queryGpus(run, ['driver_version', 'compute_cap', 'memory.total']);
  return gpus.map((values) => {
    const gpu = valuesSchema.safeParse(values);
    if (!gpu.success) throw new Error(`nvidia-smi says ${JSON.stringify(values)}, which is not a GPU`);
    const { index, name, driver_version: driver, compute_cap: computeCapability, 'memory.total': memory } = gpu.data;
    return { index, name, driver, computeCapability, memory: /^\d+$/.test(memory) ? `${memory} MiB` : memory };
  });
}
