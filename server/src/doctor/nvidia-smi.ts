import * as z from 'zod';
import type { RunProgram } from '../child/run-program.ts';

const FIELDS = ['index', 'name', 'driver_version', 'compute_cap', 'memory.total'] as const;

/** One line of nvidia-smi's answer, in the order of {@link FIELDS}. */
const rowSchema = z.tuple([
  z.coerce.number().int().min(0),
  z.string().min(1),
  z.string().regex(/^\d+(\.\d+)*$/),
  z.string().regex(/^\d+\.\d+$/),
  z.string(),
]);

/** A GPU as the driver tells of it. */
export interface Gpu {
  readonly index: number;
  readonly name: string;
  /** As `580.65.06`. */
  readonly driver: string;
  /** As `8.9`. */
  readonly computeCapability: string;
  /** As `24564 MiB`, or words where the driver does not say. */
  readonly memory: string;
}

/**
 * The GPUs of this machine, by nvidia-smi, which comes with the driver.
 *
 * @throws Error with what is wrong: no nvidia-smi, its own words where it fails, an answer that is no list of GPUs.
 */
export async function listGpus(run: RunProgram): Promise<Gpu[]> {
  const end = await run('nvidia-smi', [`--query-gpu=${FIELDS.join(',')}`, '--format=csv,noheader']);
  if (!end) throw new Error('nvidia-smi is not there');
  if (end.code !== 0) throw new Error(`nvidia-smi failed: ${`${end.stderr}\n${end.stdout}`.trim()}`);
  const lines = end.stdout.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) throw new Error('nvidia-smi lists no GPU');
  return lines.map((line) => {
    const row = rowSchema.safeParse(line.split(',').map((field) => field.trim()));
    if (!row.success) throw new Error(`nvidia-smi says ${JSON.stringify(line)}, which is no GPU`);
    const [index, name, driver, computeCapability, memory] = row.data;
    return { index, name, driver, computeCapability, memory };
  });
}
