import { type Check, pass, skip } from '../check.ts';

/**
 * A training step runs on CUDA: one single step under a strict session, and the Loop of steps by its profile, because
 * strictness does not look into a Loop's body.
 */
export const trainingCheck: Check = {
  name: 'training',
  cudaOnly: true,
  after: ['session'],
  run: async ({ device, tryTraining }) => {
    if (!tryTraining) return skip('not asked for: --training takes two small training steps');
    await tryTraining(device);
    return pass('a single step and a loop of steps ran, every operator of them on the GPU');
  },
};
