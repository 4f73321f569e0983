import type { ForkOptions } from '../child/child.ts';
import type { Device } from './session.ts';

/**
 * Returns how to start a process that computes on a device. On a GPU, one thread launches everything, so it keeps its
 * priority over the decoders. TF32 is off there: it would change a GPU's results in the third digit, in scoring and in
 * training.
 */
export function deviceProcess(device: Device): Pick<ForkOptions, 'environment' | 'keepsPriority'> {
  return device === 'cpu' ? {} : { environment: { NVIDIA_TF32_OVERRIDE: '0' }, keepsPriority: true };
}
