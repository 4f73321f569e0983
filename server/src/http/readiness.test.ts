import { describe, expect, it } from 'vitest';
import type { Engine } from '../inference/engine.ts';
import type { DeviceChoice } from '../runtime/session.ts';
import { isReady } from './readiness.ts';

const engine = (alive: boolean) => ({ alive }) as Engine;
const onCpu = { device: 'cpu', executionProvider: 'CPUExecutionProvider' } as const;
const onCuda = { device: 'cuda:0', executionProvider: 'CUDAExecutionProvider' } as const;

describe('a server is ready', () => {
  it.each<[string, DeviceChoice, typeof onCpu | typeof onCuda, boolean[], boolean]>([
    ['on the CPU that it is set to', 'cpu', onCpu, [true, true], true],
    ['while one engine of several is alive', 'cpu', onCpu, [false, true], true],
    ['not while no engine is alive', 'cpu', onCpu, [false, false], false],
    ['not without engines', 'cpu', onCpu, [], false],
    ['on CUDA that it is set to', 'cuda:0', onCuda, [true], true],
    ['never on a CPU when set to CUDA', 'cuda:0', onCpu, [true, true], false],
    ['never on another GPU than set', 'cuda:1', onCuda, [true], false],
    ['never on CUDA when set to the CPU', 'cpu', onCuda, [true], false],
    ['on whatever it took when set to auto', 'auto', onCpu, [true], true],
    ['on CUDA when auto took it', 'auto', onCuda, [true], true],
  ])('%s', (_name, choice, opened, alive, ready) => {
    expect(isReady(choice, { ...opened, engines: alive.map(engine) })).toBe(ready);
  });

  it('never on a device of the right name whose provider is the CPU’s', () => {
    const opened = { device: 'cuda:0', executionProvider: 'CPUExecutionProvider', engines: [engine(true)] } as const;
    expect(isReady('cuda:0', opened)).toBe(false);
  });
});
