import { describe, expect, it } from 'vitest';
import { statusExample } from '../http/openapi/examples.ts';
import { ratesBetween, StatusWindow } from './status-rates.ts';

const later = (seconds: number, change: Partial<typeof statusExample> = {}) => ({
  ...statusExample,
  uptimeMs: statusExample.uptimeMs + 1000 * seconds,
  ...change,
});

const busy = later(2, {
  requests: { succeeded: 5230, failed: 5 },
  photos: { scored: 31_360, failed: 9 },
  batches: { ...statusExample.batches, count: 1566, photos: 30_150 },
  server: { ...statusExample.server, cpuSeconds: 402.9 },
  engines: [{ ...statusExample.engines[0]!, cpuSeconds: 814 }],
});

describe('the rates between two status responses', () => {
  it('are the differences divided by the server’s own time', () => {
    const rates = ratesBetween(statusExample, busy)!;
    expect(rates).toMatchObject({ requestsPerSecond: 11, photosPerSecond: 61, photosPerBatch: 20 });
    expect(rates.serverCores).toBeCloseTo(0.5);
    expect(rates.engineCores[0]).toBeCloseTo(0.8);
  });

  it('are unknown across a restart or without any time in between', () => {
    expect(ratesBetween(statusExample, statusExample)).toBeNull();
    expect(ratesBetween(statusExample, later(1, { server: { ...statusExample.server, pid: 1 } }))).toBeNull();
  });

  it('are null for batches if none ran, and for an engine with a new process', () => {
    const [engine] = statusExample.engines;
    const idle = later(1, { engines: [{ ...engine!, pid: 99 }] });
    expect(ratesBetween(statusExample, idle)).toMatchObject({ photosPerBatch: null, engineCores: [null] });
  });

  it('cover the window, and start over with a new server', () => {
    const window = new StatusWindow(10_000);
    const counted = (seconds: number, succeeded: number) => later(seconds, { requests: { succeeded, failed: 0 } });
    expect(window.add(counted(0, 0))).toBeNull();
    expect(window.add(counted(5, 50))?.requestsPerSecond).toBe(10);
    expect(window.add(counted(10, 50))?.requestsPerSecond).toBe(5);
    expect(window.add(counted(15, 50))?.requestsPerSecond).toBe(0);
    expect(window.add({ ...counted(1, 0), server: { ...statusExample.server, pid: 1 } })).toBeNull();
  });
});
