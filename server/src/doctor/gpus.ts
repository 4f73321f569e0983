import * as z from 'zod';
import type { RunProgram } from '../child/run-program.ts';
import { queryGpus } from '../runtime/nvidia-smi.ts';

/** The values that the checks need. */
const valuesSchema = z.object({
  index: z.coerce.number().int().min(0),
  name: z.string().min(1),
  driver_version: z.string().regex(/^\d+(\.\d+)*$/),
  compute_cap: z.string().regex(/^\d+\.\d+$/),
  'memory.total': z.string(),
});

/** A GPU as its driver describes it. */
export interface Gpu {
  readonly index: number;
  readonly name: string;
  /** Like `580.65.06`. */
  readonly driver: string;
  /** Like `8.9`. */
  readonly computeCapability: string;
  /** Like `24564 MiB`, or the driver's text if it doesn't know. */
  readonly memory: string;
}

/** Lists the GPUs of this machine. @throws Error if nvidia-smi fails or doesn't describe a GPU properly. */
export async function listGpus(run: RunProgram): Promise<Gpu[]> {
  const gpus = await queryGpus(run, ['driver_version', 'compute_cap', 'memory.total']);
  return gpus.map((values) => {
    const gpu = valuesSchema.safeParse(values);
    if (!gpu.success) throw new Error(`nvidia-smi returned invalid values for a GPU: ${JSON.stringify(values)}`);
    const { index, name, driver_version: driver, compute_cap: computeCapability, 'memory.total': memory } = gpu.data;
    return { index, name, driver, computeCapability, memory: /^\d+$/.test(memory) ? `${memory} MiB` : memory };
  });
}
