import { type Check, fail, pass } from '../check.ts';

/** Checks that ONNX Runtime opens the model on the device in a strict session, so that every node runs there. */
export const sessionCheck: Check = {
  name: 'session',
  after: ['runtime-libraries', 'cuda-libraries'],
  run: async ({ device, trial }) => {
    try {
      await trial.session();
      return pass(`the model opens on ${device}${device === 'cpu' ? '' : ', without a fallback'}`);
    } catch (error) {
      const [first = '', ...rest] = (error as Error).message.split('\n');
      const advice = 'its standard error is below; see docs/gpu.md for common causes';
      return fail(`can’t open the model on ${device}: ${first}`, advice, rest.join('\n') || undefined);
    }
  },
};
