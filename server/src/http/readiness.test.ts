import { describe, expect, it } from 'vitest';
import type { Engine } from '../inference/engine.ts';
import type { DeviceChoice } from '../runtime/session.ts';
import { isReady } from './readiness.ts';

const engine = (alive: boolean) => ({ alive }) as Engine;
const onCpu = { device: 'cpu', executionProvider: 'CPUExecutionProvider' } as const;
const onCuda = { device: 'cuda:0', executionProvider: 'CUDAExecutionProvider' } as const;

describe('a server', () => {
  it.each<[string, DeviceChoice, typeof onCpu | typeof onCuda, boolean[], boolean]>([
    ['ready on the CPU if set to the CPU', 'cpu', onCpu, [true, true], true],
    ['ready while at least one engine is alive', 'cpu', onCpu, [false, true], true],
    ['not ready if no engine is alive', 'cpu', onCpu, [false, false], false],
    ['not ready without engines', 'cpu', onCpu, [], false],
    ['ready on CUDA if set to CUDA', 'cuda:0', onCuda, [true], true],
    ['never ready on a CPU if set to CUDA', 'cuda:0', onCpu, [true, true], false],
    ['never ready on another GPU than the chosen one', 'cuda:1', onCuda, [true], false],
    ['never ready on CUDA if set to the CPU', 'cpu', onCuda, [true], false],
    ['ready on the CPU if auto chose it', 'auto', onCpu, [true], true],
    ['ready on CUDA if auto chose it', 'auto', onCuda, [true], true],
  ])('is %s', (_name, choice, opened, alive, ready) => {
    expect(isReady(choice, { ...opened, engines: alive.map(engine) })).toBe(ready);
  });

  it('is never ready on a GPU’s name with the CPU’s provider', () => {
    const opened = { device: 'cuda:0', executionProvider: 'CPUExecutionProvider', engines: [engine(true)] } as const;
    expect(isReady('cuda:0', opened)).toBe(false);
  });
});
