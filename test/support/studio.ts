import { Home } from '@swipenet/server/home/home.ts';
import { statusExample } from '@swipenet/server/http/openapi/examples.ts';
import { grayLevels } from '@swipenet/server/image/photo-bytes.ts';
import { LayerViewer } from '@swipenet/server/inference/layers/layer-viewer.ts';
import { Studio, type StudioOptions } from '@swipenet/server/studio/studio.ts';
import { ManualClock } from './manual-clock.ts';

/** Creates a studio whose events never change. */
export function testStudio(overrides: Partial<StudioOptions> = {}): Studio {
  const machine = { cpu: 0.25, memoryUsedBytes: 4e9, memoryTotalBytes: 8e9 };
  return new Studio({
    home: new Home('/nowhere'),
    servedId: () => statusExample.model.id,
    use: async () => {},
    inUse: async () => new Map(),
    decoders: { decode: async () => ({ gray: grayLevels(), decodeMs: 0 }) },
    viewer: new LayerViewer({ clock: new ManualClock() }),
    runCommand: async () => ({ code: 0, stdout: '', stderr: '' }),
    threads: 1,
    deadline: () => new AbortController().signal,
    clock: new ManualClock(),
    date: () => new Date('2026-11-28T00:00:00Z'),
    device: 'cpu',
    sources: {
      status: { everyMs: 2_000, read: async () => statusExample },
      machine: { everyMs: 2_000, read: async () => machine },
    },
    onTrouble: (error) => {
      throw error;
    },
    ...overrides,
  });
}
