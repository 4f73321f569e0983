import { type Check, fail, pass, warn } from '../check.ts';
import { listGpus } from '../gpus.ts';
import { atLeast } from '../versions.ts';

/** Turing, the oldest that CUDA 13 supports. */
const OLDEST_CAPABILITY = '7.5';

/** Checks that the requested GPU exists and is not too old. */
export const computeCapabilityCheck: Check = {
  name: 'compute-capability',
  cudaOnly: true,
  after: ['driver'],
  explains: true,
  run: async ({ device, machine }) => {
    const gpus = await listGpus(machine.run);
    const shown = gpus
      .map(({ index, name, computeCapability }) => `${index}: ${name} (${computeCapability})`)
      .join(', ');
    const visible = machine.environment.CUDA_VISIBLE_DEVICES;
    if (visible !== undefined) {
      const advice = `the GPU needs compute capability ${OLDEST_CAPABILITY} (Turing) or newer; unset CUDA_VISIBLE_DEVICES to check it`;
      return warn(`CUDA_VISIBLE_DEVICES=${visible} renumbers the GPUs, which are ${shown}`, advice, gpus);
    }
    const gpu = gpus.find(({ index }) => device === `cuda:${index}`);
    if (!gpu) return fail(`there is no ${device}, only ${shown}`, 'choose one of these GPUs', gpus);
    const { name, computeCapability, memory } = gpu;
    return atLeast(computeCapability, OLDEST_CAPABILITY)
      ? pass(`${name}, compute capability ${computeCapability}, ${memory}`, gpu)
      : fail(
          `${name} has compute capability ${computeCapability}`,
          `CUDA 13 needs ${OLDEST_CAPABILITY} (Turing) or newer`,
          gpu,
        );
  },
};
