import type { Gpus } from '@swipenet/shared/contract/status.ts';
import { type RunProgram, runProgram } from '../child/run-program.ts';
import { queryGpus } from '../runtime/nvidia-smi.ts';

const FIELDS = ['uuid', 'utilization.gpu', 'memory.used', 'memory.total', 'temperature.gpu', 'power.draw'] as const;

const MIB = 1024 ** 2;

/** Queries nvidia-smi for the machine's GPUs with their load and memory. If that fails, returns the reason. */
export async function gpuUsage(run: RunProgram = runProgram): Promise<Gpus> {
  try {
    const gpus = await queryGpus(run, FIELDS);
    return {
      gpus: gpus.map((values) => ({
        index: Number(values.index),
        uuid: values.uuid,
        name: values.name,
        load: scaled(values['utilization.gpu'], 1 / 100),
        memoryUsedBytes: scaled(values['memory.used'], MIB),
        memoryTotalBytes: scaled(values['memory.total'], MIB),
        temperatureC: scaled(values['temperature.gpu'], 1),
        powerW: scaled(values['power.draw'], 1),
      })),
    };
  } catch (error) {
    return { absent: (error as Error).message.split('\n')[0]!.slice(0, 200) };
  }
}

/** Converts a figure to another unit. Returns null if the GPU doesn't report it (`[N/A]`, `[Not Supported]`). */
const scaled = (cell: string, unit: number) => (/^\d+(\.\d+)?$/.test(cell) ? Number(cell) * unit : null);
