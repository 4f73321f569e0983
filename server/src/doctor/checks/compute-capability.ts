import { type Check, fail, pass, warn } from '../check.ts';
import { listGpus } from '../gpus.ts';

/**
 * The compute capabilities that the CUDA provider has code for, according to the symbols of 1.29.0's library (2026-11).
 * 1.30's wasn't at hand. It has no PTX, from which a driver could make code for other GPUs.
 */
const PROVIDER_CAPABILITIES = ['7.5', '8.0', '8.6', '8.9', '9.0', '12.0'];

/** Whether the provider has code for a GPU. Code for 8.6 also runs on 8.7, but not on 8.0 or 9.0. */
function hasCodeFor(capability: string): boolean {
  const [major, minor] = capability.split('.').map(Number);
  return PROVIDER_CAPABILITIES.some((known) => {
    const [knownMajor, knownMinor] = known.split('.').map(Number);
    return major === knownMajor && minor! >= knownMinor!;
  });
}

/** Checks that the requested GPU exists and that the CUDA provider has code for it. */
export const computeCapabilityCheck: Check = {
  name: 'compute-capability',
  cudaOnly: true,
  after: ['driver'],
  explains: true,
  run: async ({ device, machine }) => {
    const gpus = await listGpus(machine.run);
    const list = PROVIDER_CAPABILITIES.join(', ');
    const shown = gpus
      .map(({ index, name, computeCapability }) => `${index}: ${name} (${computeCapability})`)
      .join(', ');
    const visible = machine.environment.CUDA_VISIBLE_DEVICES;
    if (visible !== undefined) {
      const advice = `the GPU needs compute capability ${list}; unset CUDA_VISIBLE_DEVICES to check it`;
      return warn(`CUDA_VISIBLE_DEVICES=${visible} renumbers the GPUs, which are ${shown}`, advice, gpus);
    }
    const gpu = gpus.find(({ index }) => device === `cuda:${index}`);
    if (!gpu) return fail(`there is no ${device}, only ${shown}`, 'choose one of these GPUs', gpus);
    const { name, computeCapability, memory } = gpu;
    return hasCodeFor(computeCapability)
      ? pass(`${name}, compute capability ${computeCapability}, ${memory}`, gpu)
      : fail(
          `${name} has compute capability ${computeCapability}`,
          `ONNX Runtime’s CUDA provider only has code for ${list}; use another GPU, or the CPU`,
          gpu,
        );
  },
};
