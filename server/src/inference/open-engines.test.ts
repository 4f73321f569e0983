import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { CommandError } from '../command-error.ts';
import type { DeviceKind, ModelForm } from '../registry/choose-precision.ts';
import type { ChildEngine, ChildEngineOptions } from './child-engine.ts';
import { type OpenEnginesOptions, openEngines } from './open-engines.ts';

/** A model with its own form for each kind of device. */
const modelOn = async (device: DeviceKind) => {
  const manifest = { id: `for-${device}`, model: { sha256: 'x' } };
  return { model: { manifest, modelPath: `/${device}` }, precision: 'fp32', reason: '' } as unknown as ModelForm;
};

/** Opens fake engines on the devices in `works`. The others fail with an error like ONNX Runtime's. */
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
    modelFor: async ({ modelPath }: { readonly modelPath: string }) => ({ modelPath, sha256: '' }),
  } as const;
  return { closed, opening: openEngines({ ...base, cudaInstalled: () => true, openEngine, ...options }) };
}

describe('opening engines', () => {
  it('uses CUDA for auto if it works', async () => {
    const { opening } = setUp(['cuda:0', 'cpu'], {});
    expect(await opening).toMatchObject({
      device: 'cuda:0',
      executionProvider: 'CUDAExecutionProvider',
      reason: 'auto: CUDA works',
    });
  });

  it('uses the CPU for auto if CUDA fails, and quotes ONNX Runtime as the reason', async () => {
    const { opening } = setUp(['cpu'], {});
    expect(await opening).toMatchObject({
      device: 'cpu',
      reason: 'auto: CUDA is unavailable: Failed to load shared library libcudnn.so.9: cannot open shared object file',
    });
  });

  it('uses the CPU for auto without trying CUDA if the provider library isn’t installed', async () => {
    const { opening } = setUp(['cuda:0', 'cpu'], { cudaInstalled: () => false });
    const { device, reason, engines } = await opening;
    expect({ device, engines: engines.length }).toEqual({ device: 'cpu', engines: 2 });
    expect(reason).toContain('not installed');
  });

  it('opens as many engines on CUDA as requested, each with its own sizes', async () => {
    const opened: unknown[] = [];
    const openEngine = async ({ settings: { batchSizes, warmSizes } }: ChildEngineOptions) => {
      opened.push({ batchSizes, warmSizes });
      return {} as ChildEngine;
    };
    const gpu = { engines: 2, batchSizes: [8, 64] };
    const { plan } = await setUp([], { openEngine, gpu }).opening;
    expect(plan.maxBatch).toBe(64);
    expect(opened).toEqual([1, 2].map(() => ({ batchSizes: [8, 64], warmSizes: [8, 64] })));
  });

  it('uses TF32 only on a GPU and only if that was chosen, and says so', async () => {
    expect(await setUp(['cuda:0'], { gpu: { tf32: true } }).opening).toMatchObject({
      plan: { tf32: true },
      reason: 'auto: CUDA works; with TF32',
    });
    expect((await setUp(['cuda:0'], {}).opening).plan.tf32).toBe(false);
    expect((await setUp(['cpu'], { gpu: { tf32: true } }).opening).plan.tf32).toBe(false);
    await expect(setUp(['cpu'], { choice: 'cpu', gpu: { tf32: true } }).opening).rejects.toMatchObject({
      code: 'option_invalid',
    });
  });

  it('opens the model’s form for the device, even after auto falls back to the CPU', async () => {
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

  it('fails if the model has no form for the device, or uses the CPU for auto', async () => {
    const onCpuAlone: OpenEnginesOptions['modelOn'] = async (device) => {
      if (device === 'cuda') throw new CommandError('option_invalid', '--precision int8 is for the CPU');
      return modelOn(device);
    };
    const explicit = setUp(['cuda:0', 'cpu'], { choice: 'cuda:0', modelOn: onCpuAlone });
    await expect(explicit.opening).rejects.toMatchObject({ code: 'option_invalid' });
    expect(await setUp(['cuda:0', 'cpu'], { modelOn: onCpuAlone }).opening).toMatchObject({
      device: 'cpu',
      reason: 'auto: CUDA is unavailable: --precision int8 is for the CPU',
    });
    const missing = async () => {
      throw new CommandError('precision_missing', 'there is no int8 form of m');
    };
    const nowhere = setUp(['cpu'], { choice: 'cpu', modelOn: missing });
    await expect(nowhere.opening).rejects.toMatchObject({ code: 'precision_missing' });
  });

  it('never uses a device other than the one requested', async () => {
    const { opening } = setUp(['cpu'], { choice: 'cuda:1' });
    await expect(opening).rejects.toMatchObject({ code: 'device_unavailable' });
    await expect(opening).rejects.toThrow(
      'cuda:1 is unavailable: Failed to load shared library libcudnn.so.9: cannot open shared object file; run npm run -s swipenet -- doctor --device cuda:1 for details',
    );
    await expect(opening).rejects.toMatchObject({ cause: { message: expect.stringContaining('libcudnn.so.9') } });
  });

  it('blames the model if even the CPU can’t open it, and leaves no engine open', async () => {
    const { opening, closed } = setUp(['cpu#1'], { choice: 'cpu' });
    await expect(opening).rejects.toMatchObject({ code: 'model_invalid' });
    expect(closed).toEqual(['cpu']);
  });
});
