import { describe, expect, it } from 'vitest';
import { statusExample } from '../http/openapi/examples.ts';
import { LiveLines, statusLines } from './status.ts';

const busy = {
  ...statusExample,
  uptimeMs: statusExample.uptimeMs + 2000,
  requests: { succeeded: 5230, failed: 5 },
  photos: { scored: 31_360, failed: 9 },
};
const rates = {
  requestsPerSecond: 11,
  photosPerSecond: 61,
  photosPerBatch: 20,
  serverCores: 0.5,
  engineCores: [0.8],
  decoderCores: [0.2],
};

describe('a formatted status', () => {
  it('has one line per topic', () => {
    expect(statusLines(busy, rates)).toEqual([
      'quality on cuda:0 (auto: CUDA works)  ready  up 60 min',
      '  requests  11.0/s    5,230 answered, 5 failed',
      '  photos    61.0/s    31,360 scored, 9 failed',
      '  queue     12 waiting, 32 running, 2 requests pending',
      '  batches   20.0 photos on average; by size: 1: 210  2: 90  4: 160  8: 200  16: 240  32: 660',
      '  cache     1,210 of 31,250 photos found',
      '  server    pid 4242  210 MB  0.50 cores  event loop p99 1.6 ms',
      '  engine 0  pid 4243  912 MB  0.80 cores  alive  restarts: 1 died, 2 recycled',
      '  decoder 0 pid 4244  104 MB  0.20 cores  alive  restarts: 1 hung',
      '  gpu 0     NVIDIA L4  87%  1.2 of 24.2 GB  61 °C  58 W',
    ]);
  });

  it('shows which figures are unknown and which engines are down', () => {
    const lines = statusLines(
      {
        ...statusExample,
        state: 'not_ready',
        model: { id: 'mine-int8', sha256: '', precision: 'int8' },
        engines: [
          { pid: null, alive: false, restarts: { died: 0, hung: 0, recycled: 0 }, memoryBytes: null, cpuSeconds: null },
        ],
        cache: null,
        gpu: { absent: 'nvidia-smi is not installed' },
      },
      null,
    ).join('\n');
    expect(lines).toContain('NOT READY');
    expect(lines).toContain('mine-int8 (int8) on ');
    expect(lines).not.toContain('cache');
    expect(lines).toContain('engine 0  pid ?  ? MB  ? cores  DOWN, restarting\n');
    expect(lines).toContain('gpu       nvidia-smi is not installed');
  });

  it('show an engine on another machine with its address, and why it isn’t used', () => {
    const engine = {
      ...{ pid: null, alive: false, restarts: { died: 0, hung: 1, recycled: 0 }, memoryBytes: null, cpuSeconds: null },
      replica: {
        ...{ url: 'https://gpu', running: 2, batches: 70, failures: 4, ejections: { replica_timeout: 1 } },
        fault: { code: 'replica_timeout', message: 'it didn’t respond within 8 s' },
      },
    };
    expect(statusLines({ ...statusExample, engines: [engine] }, null).join('\n')).toContain(
      'replica 0 https://gpu  2 running, 70 batches, 4 failed  NOT USED: it didn’t respond within 8 s (replica_timeout)',
    );
  });
});

describe('live lines', () => {
  it('are updated in place and cut to the terminal’s width, so that they never wrap', () => {
    const written: string[] = [];
    const live = new LiveLines({ columns: 6, write: (text) => written.push(text) });
    live.show(['0123456789', 'b']);
    live.show(['c']);
    live.show(['d']);
    expect(written).toEqual(['\r\u001b[J01234\nb\n', '\u001b[2A\r\u001b[Jc\n', '\u001b[1A\r\u001b[Jd\n']);
  });
});
