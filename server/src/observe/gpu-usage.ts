import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import type { Gpus, GpuUsage } from '@swipenet/shared/contract/status.ts';

/** Runs nvidia-smi with these arguments; resolves with what it printed to standard output. */
export type RunNvidiaSmi = (parameters: readonly string[]) => Promise<string>;

/** What is asked for, in the order of the answer's columns (`nvidia-smi --help-query-gpu`). */
const COLUMNS = [
  'index',
  'uuid',
  'utilization.gpu',
  'memory.used',
  'memory.total',
  'temperature.gpu',
  'power.draw',
  'name',
] as const;

/** Longer than a healthy driver takes; a hung one must not hang the answer. */
const TIMEOUT_MS = 2_000;

const MIB = 1024 ** 2;

const runNvidiaSmi: RunNvidiaSmi = async (parameters) => {
  const { stdout } = await promisify(execFile)('nvidia-smi', [...parameters], { timeout: TIMEOUT_MS });
  return stdout;
};

/** The machine's GPUs with load and memory, asked of nvidia-smi; where that cannot be, why, in words. */
export async function gpuUsage(run: RunNvidiaSmi = runNvidiaSmi): Promise<Gpus> {
  let text: string;
  try {
    text = await run([`--query-gpu=${COLUMNS.join(',')}`, '--format=csv,noheader,nounits']);
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return { absent: 'there is no nvidia-smi here' };
    return { absent: `nvidia-smi failed: ${firstLine(error)}` };
  }
  const gpus = parseGpus(text);
  return gpus.length > 0 ? { gpus } : { absent: `nvidia-smi names no GPU: ${text.trim().slice(0, 200)}` };
}

/**
 * The lines of `nvidia-smi --format=csv,noheader,nounits` for {@link COLUMNS}. A figure that the GPU does not tell is
 * `[N/A]` or `[Not Supported]`; lines that are none of a GPU (`No devices were found`) are left out.
 */
export function parseGpus(text: string): GpuUsage[] {
  return text.split('\n').flatMap((line) => {
    const [index, uuid, load, used, total, temperature, power, ...name] = line.split(',').map((cell) => cell.trim());
    if (!/^\d+$/.test(index ?? '') || name.length === 0) return [];
    const bytes = (cell: string | undefined) => scaled(figure(cell), MIB);
    return {
      index: Number(index),
      uuid: uuid!,
      name: name.join(', '), // the last column, for it may have a comma
      load: scaled(figure(load), 1 / 100),
      memoryUsedBytes: bytes(used),
      memoryTotalBytes: bytes(total),
      temperatureC: figure(temperature),
      powerW: figure(power),
    };
  });
}

const figure = (cell: string | undefined) => (/^\d+(\.\d+)?$/.test(cell ?? '') ? Number(cell) : null);

const scaled = (value: number | null, unit: number) => (value === null ? null : value * unit);

/** A failed program tells its reason on standard output (nvidia-smi does) or standard error, else the error says it. */
function firstLine(error: unknown): string {
  const { stdout = '', stderr = '', message = '' } = error as { stdout?: string; stderr?: string; message?: string };
  return (stdout.trim() || stderr.trim() || message).split('\n')[0]!.slice(0, 200);
}
