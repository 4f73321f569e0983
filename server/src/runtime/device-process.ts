import type { ForkOptions } from '../child/child.ts';
import type { Device } from './session.ts';

/**
 * Returns how to start a process that computes on a device. On a GPU, one thread launches everything, so it keeps its
 * priority over the decoders.
 *
 * @param tf32 lets a GPU round the inputs of convolutions and products to 10 bits (TF32), in scoring and in training. It is
 *   faster, and changes results in the third digit. CUDA's libraries read the variable when they are loaded, so it can't
 *   change later, and a value in this process's environment doesn't count.
 */
export function deviceProcess(device: Device, tf32 = false): Pick<ForkOptions, 'environment' | 'keepsPriority'> {
  return device === 'cpu' ? {} : { environment: { NVIDIA_TF32_OVERRIDE: tf32 ? '1' : '0' }, keepsPriority: true };
}
