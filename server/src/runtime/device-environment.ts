import type { Device } from './session.ts';

/**
 * Returns the environment variables for a process that computes on a device. TF32 is off: it would change a GPU's results
 * in the third digit, in scoring and in training.
 */
export function deviceEnvironment(device: Device): Readonly<Record<string, string>> {
  return device === 'cpu' ? {} : { NVIDIA_TF32_OVERRIDE: '0' };
}
