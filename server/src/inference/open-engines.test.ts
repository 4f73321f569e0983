import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import type { ChildEngine, ChildEngineOptions } from './child-engine.ts';
import { type OpenEnginesOptions, openEngines } from './open-engines.ts';

/** Opens pretended engines on the devices that `works` names; the others fail with ONNX Runtime's kind of words. */
function setUp(works: readonly string[], options: Partial<OpenEnginesOptions>) {
  const closed: string[] = [];
  let opens = 0;
  const openEngine = async ({ settings }: ChildEngineOptions) => {
    opens += 1;
    if (!works.includes(settings.device) && !works.includes(`${settings.device}#${opens}`)) {
      throw new Error('Failed to load shared library\nlibcudnn.so.9: cannot open shared object file');
    }
    return { close: async () => closed.push(settings.device) } as unknown as ChildEngine;
  };
  const base = {
    modelId: 'm',
    modelPath: '/m',
    sha256: 'x',
    choice: 'auto',
    cores: 2,
    clock: new ManualClock(),
  } as const;
  return { closed, opening: openEngines({ ...base, cudaInstalled: () => true, openEngine, ...options }) };
}

describe('the device', () => {
  it('is CUDA for auto where it works', async () => {
    const { opening } = setUp(['cuda:0', 'cpu'], {});
    expect(await opening).toMatchObject({
      device: 'cuda:0',
      executionProvider: 'CUDAExecutionProvider',
      reason: 'auto: CUDA works',
    });
  });

  it('is the CPU for auto where CUDA fails, and the reason holds ONNX Runtime’s own words', async () => {
    const { opening } = setUp(['cpu'], {});
    expect(await opening).toMatchObject({
      device: 'cpu',
      reason: 'auto: CUDA cannot be used: Failed to load shared library libcudnn.so.9: cannot open shared object file',
    });
  });

  it('is the CPU for auto where the provider library is not installed, without trying', async () => {
    const { opening } = setUp(['cuda:0', 'cpu'], { cudaInstalled: () => false });
    const { device, reason, engines } = await opening;
    expect({ device, engines: engines.length }).toEqual({ device: 'cpu', engines: 2 });
    expect(reason).toContain('not installed');
  });

  it('is never another than the one asked for', async () => {
    const { opening } = setUp(['cpu'], { choice: 'cuda:1' });
    await expect(opening).rejects.toMatchObject({ code: 'device_unavailable' });
    await expect(opening).rejects.toThrow('cuda:1 cannot be used: Failed to load shared library libcudnn.so.9');
  });

  it('says that the model is at fault when the CPU cannot open it, and leaves no engine behind', async () => {
    const { opening, closed } = setUp(['cpu#1'], { choice: 'cpu' });
    await expect(opening).rejects.toMatchObject({ code: 'model_invalid' });
    expect(closed).toEqual(['cpu']);
  });
});
