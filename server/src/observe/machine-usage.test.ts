import { describe, expect, it } from 'vitest';
import { machineUsage, readMachine } from './machine-usage.ts';

describe('the usage of a machine', () => {
  it('is that of all cores since the last look', () => {
    const readings = [
      { idleMs: 900, allMs: 1_000, memoryFreeBytes: 4, memoryTotalBytes: 16 },
      { idleMs: 950, allMs: 1_200, memoryFreeBytes: 6, memoryTotalBytes: 16 },
      { idleMs: 950, allMs: 1_200, memoryFreeBytes: 6, memoryTotalBytes: 16 },
    ];
    const usage = machineUsage(() => readings.shift()!);
    expect(usage()).toEqual({ cpu: expect.closeTo(0.1), memoryUsedBytes: 12, memoryTotalBytes: 16 });
    expect(usage()).toEqual({ cpu: 0.75, memoryUsedBytes: 10, memoryTotalBytes: 16 });
    expect(usage().cpu).toBe(0); // no time has passed
  });

  it('is read from this machine', () => {
    const { idleMs, allMs, memoryFreeBytes, memoryTotalBytes } = readMachine();
    expect([allMs > idleMs, memoryTotalBytes > memoryFreeBytes]).toEqual([true, true]);
  });
});
