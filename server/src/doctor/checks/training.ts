import { type Check, pass, skip } from '../check.ts';

/**
 * Checks that training steps run on CUDA: a single step in a strict session, and a Loop of steps by its profile,
 * because strictness doesn't look inside a Loop.
 */
export const trainingCheck: Check = {
  name: 'training',
  cudaOnly: true,
  after: ['session'],
  run: async ({ device, tryTraining }) => {
    if (!tryTraining) return skip('pass --training to run two small training steps');
    await tryTraining(device);
    return pass('a single step and a loop of steps ran entirely on the GPU');
  },
};
