import { cpus, freemem, totalmem } from 'node:os';
import type { MachineUsage } from '@swipenet/shared/contract/studio/events.ts';

/** What a machine's cores have done since it started, and its memory. */
export interface MachineReading {
  /** Milliseconds of all cores. */
  readonly idleMs: number;
  readonly allMs: number;
  readonly memoryFreeBytes: number;
  readonly memoryTotalBytes: number;
}

/** Reads this machine's cores and memory. */
export function readMachine(): MachineReading {
  const times = cpus().map(({ times }) => times);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    idleMs: sum(times.map(({ idle }) => idle)),
    allMs: sum(times.flatMap((one) => Object.values(one))),
    memoryFreeBytes: freemem(),
    memoryTotalBytes: totalmem(),
  };
}

/** Returns a function that tells how busy a machine was since its last call, or since it started. */
export function machineUsage(read: () => MachineReading = readMachine): () => MachineUsage {
  let before = { idleMs: 0, allMs: 0 };
  return () => {
    const { memoryFreeBytes, memoryTotalBytes, ...now } = read();
    const allMs = now.allMs - before.allMs;
    const cpu = allMs > 0 ? 1 - (now.idleMs - before.idleMs) / allMs : 0;
    before = now;
    return {
      cpu: Math.min(1, Math.max(0, cpu)),
      memoryUsedBytes: memoryTotalBytes - memoryFreeBytes,
      memoryTotalBytes,
    };
  };
}
