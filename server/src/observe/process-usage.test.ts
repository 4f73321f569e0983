import { describe, expect, it } from 'vitest';
import { processUsage } from './process-usage.ts';

const STATUS = 'Name:\tnode\nVmPeak:\t 1200000 kB\nVmRSS:\t  140512 kB\nThreads:\t11\n';
// A process may give itself a name with spaces and parentheses.
const STAT =
  '4711 (node (a) b) S 1 4711 4711 0 -1 4194560 40000 0 0 0 6213 87 0 0 30 10 11 0 123456 1228800000 35128\n';

const files = (status: string, stat: string) => async (path: string) => {
  if (path === '/proc/4711/status') return status;
  if (path === '/proc/4711/stat') return stat;
  throw new Error(`ENOENT ${path}`);
};

describe('process usage', () => {
  it('has resident memory in bytes and CPU time in seconds', async () => {
    expect(await processUsage(4711, files(STATUS, STAT))).toEqual({ memoryBytes: 140_512 * 1024, cpuSeconds: 63 });
  });

  it('is unknown for a process that is gone, and has no memory for a zombie', async () => {
    expect(await processUsage(1, files(STATUS, STAT))).toEqual({ memoryBytes: null, cpuSeconds: null });
    expect(await processUsage(4711, files('Name:\tnode\nState:\tZ (zombie)\n', STAT))).toEqual({
      memoryBytes: null,
      cpuSeconds: 63,
    });
  });

  it.runIf(process.platform === 'linux')('is close to what the process reports about itself', async () => {
    const { memoryBytes, cpuSeconds } = await processUsage(process.pid);
    expect(memoryBytes! / process.memoryUsage.rss()).toBeGreaterThan(0.5);
    expect(memoryBytes! / process.memoryUsage.rss()).toBeLessThan(2);
    const { user, system } = process.cpuUsage();
    expect(Math.abs(cpuSeconds! - (user + system) / 1e6)).toBeLessThan(1);
  });
});
