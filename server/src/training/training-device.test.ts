import { describe, expect, it } from 'vitest';
import { trainingDevice } from './training-device.ts';

const works = async () => {};
const fails = async () => {
  throw new Error('no kernel for Loop');
};

describe('the device a run computes on', () => {
  it('is the one that was asked for', async () => {
    expect(await trainingDevice('cpu', { probe: fails })).toEqual({ device: 'cpu', reason: 'asked for' });
    expect(await trainingDevice('cuda:1', { probe: works })).toEqual({ device: 'cuda:1', reason: 'asked for' });
  });

  it('is never another: what cannot be used is an error with ONNX Runtime’s words', async () => {
    const choosing = trainingDevice('cuda:1', { probe: fails });
    await expect(choosing).rejects.toMatchObject({ code: 'device_unavailable' });
    await expect(choosing).rejects.toThrow('cuda:1 cannot be used: no kernel for Loop');
  });

  it('is for auto CUDA where a step runs on it, else the CPU, and it says why', async () => {
    const cudaInstalled = () => true;
    expect((await trainingDevice('auto', { cudaInstalled, probe: works })).device).toBe('cuda:0');
    expect(await trainingDevice('auto', { cudaInstalled, probe: fails })).toEqual({
      device: 'cpu',
      reason: 'auto: CUDA cannot be used: no kernel for Loop',
    });
    expect((await trainingDevice('auto', { cudaInstalled: () => false, probe: works })).device).toBe('cpu');
  });
});
