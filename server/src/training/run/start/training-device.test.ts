import { describe, expect, it } from 'vitest';
import type { OperatorTime } from '../../../runtime/profile.ts';
import { probeSteps, strayOperators, trainingDevice } from './training-device.ts';

const ran = (operator: string, provider: string): OperatorTime => ({ operator, provider, milliseconds: 1, runs: 1 });
const onCuda = async () => [ran('Conv', 'CUDAExecutionProvider'), ran('Loop', 'CPUExecutionProvider')];
const fails = async () => {
  throw new Error('no kernel for Loop');
};
const cudaInstalled = () => true;

describe('the training device', () => {
  it('is the requested one', async () => {
    expect(await trainingDevice('cpu', { probe: fails })).toEqual({ device: 'cpu', reason: 'requested' });
    expect(await trainingDevice('cuda:1', { probe: onCuda })).toEqual({ device: 'cuda:1', reason: 'requested' });
  });

  it('is never a substitute: a device that can’t be used is an error with ONNX Runtime’s message', async () => {
    const choosing = trainingDevice('cuda:1', { cudaInstalled, probe: fails });
    await expect(choosing).rejects.toMatchObject({ code: 'device_unavailable' });
    await expect(choosing).rejects.toThrow('cuda:1 is unavailable: no kernel for Loop');
  });

  it('is CUDA only if every operator of a single step and of the Loop ran there', async () => {
    const probe = async (_device: string, stepsPerCall: number) => [
      ...(await onCuda()),
      ...(stepsPerCall > 1 ? [ran('ScatterElements', 'CPUExecutionProvider')] : []),
    ];
    await expect(trainingDevice('cuda:0', { cudaInstalled, probe })).rejects.toThrow(
      'cuda:0 is unavailable: ScatterElements (CPUExecutionProvider) did not run on it',
    );
  });

  it('is CUDA with auto if a step runs there, and otherwise the CPU, with the reason', async () => {
    expect((await trainingDevice('auto', { cudaInstalled, probe: onCuda })).device).toBe('cuda:0');
    expect(await trainingDevice('auto', { cudaInstalled, probe: fails })).toEqual({
      device: 'cpu',
      reason: 'auto: CUDA is unavailable: no kernel for Loop',
    });
    expect((await trainingDevice('auto', { cudaInstalled: () => false, probe: onCuda })).device).toBe('cpu');
  });

  it('is checked with a profile that includes the body of the Loop', async () => {
    const times = await probeSteps('cpu', 2);
    const operators = new Set(times.map(({ operator }) => operator));
    for (const operator of ['Loop', 'MaxPool', 'ScatterElements', 'ConvTranspose'])
      expect(operators).toContain(operator);
    expect(strayOperators(times, 'cpu')).toEqual([]);
    expect(strayOperators(times, 'cuda:0')).toContain('ScatterElements (CPUExecutionProvider)');
  });
});
