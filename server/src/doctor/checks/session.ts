import { type Check, fail, pass } from '../check.ts';

/** ONNX Runtime opens the model on the device, strictly: every node of it has a place there. */
export const sessionCheck: Check = {
  name: 'session',
  after: ['runtime-libraries', 'cuda-libraries'],
  run: async ({ device, trial }) => {
    try {
      await trial.session();
      return pass(`the model opens on ${device}${device === 'cpu' ? '' : ', without a fallback'}`);
    } catch (error) {
      const [first = '', ...rest] = (error as Error).message.split('\n');
      const advice = 'what it wrote to standard error is below; docs/gpu.md explains the usual causes';
      return fail(`no session on ${device}: ${first}`, advice, rest.join('\n') || undefined);
    }
  },
};
