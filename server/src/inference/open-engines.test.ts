import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { CommandError } from '../command-error.ts';
import type { DeviceKind, ModelForm } from '../registry/choose-precision.ts';
import type { ChildEngine, ChildEngineOptions } from './child-engine.ts';
import { type OpenEnginesOptions, openEngines } from './open-engines.ts';

/** A model that has a form of its own for each kind of device. */
const modelOn = async (device: DeviceKind) => {
  const manifest = { id: `for-${device}`, model: { sha256: 'x' } };
  return { model: { manifest, modelPath: `/${device}` }, precision: 'fp32', reason: '' } as unknown as ModelForm;
};

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
    modelOn,
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

  it('has its own form of the model, and the CPU has its own where CUDA fails', async () => {
    const opened: string[] = [];
    const openEngine = async ({ settings: { device, modelPath } }: ChildEngineOptions) => {
      opened.push(`${device} ${modelPath}`);
      if (device !== 'cpu') throw new Error('no CUDA here');
      return {} as ChildEngine;
    };
    const { form } = await setUp([], { openEngine, cores: 1 }).opening;
    expect(form.model.manifest.id).toBe('for-cpu');
    expect(opened).toEqual(['cuda:0 /cuda', 'cpu /cpu']);
    const onCuda = await setUp(['cuda:0'], { choice: 'cuda:0' }).opening;
    expect(onCuda.form.model.manifest.id).toBe('for-cuda');
  });

  it('for which the model has no form is an error with that reason, or for auto a reason to take the CPU', async () => {
    const onCpuAlone: OpenEnginesOptions['modelOn'] = async (device) => {
      if (device === 'cuda') throw new CommandError('option_invalid', '--precision int8 is for the CPU');
      return modelOn(device);
    };
    const asked = setUp(['cuda:0', 'cpu'], { choice: 'cuda:0', modelOn: onCpuAlone });
    await expect(asked.opening).rejects.toMatchObject({ code: 'option_invalid' });
    expect(await setUp(['cuda:0', 'cpu'], { modelOn: onCpuAlone }).opening).toMatchObject({
      device: 'cpu',
      reason: 'auto: CUDA cannot be used: --precision int8 is for the CPU',
    });
    const missing = async () => {
      throw new CommandError('precision_missing', 'there is no int8 form of m');
    };
    const nowhere = setUp(['cpu'], { choice: 'cpu', modelOn: missing });
    await expect(nowhere.opening).rejects.toMatchObject({ code: 'precision_missing' });
  });

  it('is never another than the one asked for', async () => {
    const { opening } = setUp(['cpu'], { choice: 'cuda:1' });
    await expect(opening).rejects.toMatchObject({ code: 'device_unavailable' });
    await expect(opening).rejects.toThrow(
      'cuda:1 is unavailable: Failed to load shared library libcudnn.so.9: cannot open shared object file; run swipenet doctor --device cuda:1 for details',
    );
    await expect(opening).rejects.toMatchObject({ cause: { message: expect.stringContaining('libcudnn.so.9') } });
  });

  it('says that the model is at fault when the CPU cannot open it, and leaves no engine behind', async () => {
    const { opening, closed } = setUp(['cpu#1'], { choice: 'cpu' });
    await expect(opening).rejects.toMatchObject({ code: 'model_invalid' });
    expect(closed).toEqual(['cpu']);
  });
});
