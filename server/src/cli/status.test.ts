import { describe, expect, it } from 'vitest';
import { statusExample } from '../http/openapi/examples.ts';
import { LiveLines } from './live-lines.ts';
import { statusLines } from './status-lines.ts';
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

describe('the rates between two answers', () => {
  it('are the differences over the server’s own time', () => {
    const rates = ratesBetween(statusExample, busy)!;
    expect(rates).toMatchObject({ requestsPerSecond: 11, photosPerSecond: 61, photosPerBatch: 20 });
    expect(rates.serverCores).toBeCloseTo(0.5);
    expect(rates.engineCores[0]).toBeCloseTo(0.8);
  });

  it('are not known across a restart or within a moment', () => {
    expect(ratesBetween(statusExample, statusExample)).toBeNull();
    expect(ratesBetween(statusExample, later(1, { server: { ...statusExample.server, pid: 1 } }))).toBeNull();
  });

  it('say nothing of a batch when none ran, nor of an engine whose process is new', () => {
    const [engine] = statusExample.engines;
    const idle = later(1, { engines: [{ ...engine!, pid: 99 }] });
    expect(ratesBetween(statusExample, idle)).toMatchObject({ photosPerBatch: null, engineCores: [null] });
  });

  it('are taken over the window, and begin anew with a new server', () => {
    const window = new StatusWindow(10_000);
    const counted = (seconds: number, succeeded: number) => later(seconds, { requests: { succeeded, failed: 0 } });
    expect(window.add(counted(0, 0))).toBeNull();
    expect(window.add(counted(5, 50))?.requestsPerSecond).toBe(10);
    expect(window.add(counted(10, 50))?.requestsPerSecond).toBe(5);
    expect(window.add(counted(15, 50))?.requestsPerSecond).toBe(0);
    expect(window.add({ ...counted(1, 0), server: { ...statusExample.server, pid: 1 } })).toBeNull();
  });
});

describe('the lines of a status', () => {
  it('say what the server does, one thing a line', () => {
    expect(statusLines(busy, ratesBetween(statusExample, busy))).toEqual([
      'quality on cuda:0 (auto: CUDA works)  ready  up 60 min',
      '  requests  11.0/s    5,230 answered, 5 failed',
      '  photos    61.0/s    31,360 scored, 9 failed',
      '  queue     12 waiting, 32 running, 2 requests pending',
      '  batches   20.0 photos now; by size: 1: 210  2: 90  4: 160  8: 200  16: 240  32: 660',
      '  cache     1,210 of 31,250 photos were known',
      '  server    pid 4242  210 MB  0.50 cores  event loop p99 1.6 ms',
      '  engine 0  pid 4243  912 MB  0.80 cores  alive  restarts: 1 died, 2 recycled',
      '  gpu 0     NVIDIA L4  87 %  1.2 of 24.2 GB  61 °C  58 W',
    ]);
  });

  it('say what is not known and what is down', () => {
    const lines = statusLines(
      {
        ...statusExample,
        state: 'not_ready',
        model: { id: 'mine-int8', sha256: '', precision: 'int8' },
        engines: [
          { pid: null, alive: false, restarts: { died: 0, hung: 0, recycled: 0 }, memoryBytes: null, cpuSeconds: null },
        ],
        cache: null,
        gpu: { absent: 'there is no nvidia-smi here' },
      },
      null,
    ).join('\n');
    expect(lines).toContain('NOT READY');
    expect(lines).toContain('mine-int8 (int8) on ');
    expect(lines).not.toContain('cache');
    expect(lines).toContain('engine 0  pid ?  ? MB  ? cores  DOWN, being restarted\n');
    expect(lines).toContain('gpu       there is no nvidia-smi here');
  });
});

describe('live lines', () => {
  it('are written over in place, and cut to the terminal, so that the cursor comes back to the first', () => {
    const written: string[] = [];
    const live = new LiveLines({ columns: 6, write: (text) => written.push(text) });
    live.show(['0123456789', 'b']);
    live.show(['c']);
    live.show(['d']);
    expect(written).toEqual(['\r\u001b[J01234\nb\n', '\u001b[2A\r\u001b[Jc\n', '\u001b[1A\r\u001b[Jd\n']);
  });
});
