import type { Device } from './session.ts';

/**
 * What a process that computes on a device needs in its environment. TF32 would make a GPU's answers differ from a CPU's
 * in the third digit, in scoring and in training, so it is off.
 */
export function deviceEnvironment(device: Device): Readonly<Record<string, string>> {
  return device === 'cpu' ? {} : { NVIDIA_TF32_OVERRIDE: '0' };
}
