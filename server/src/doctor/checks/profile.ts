import { executionProviderOf } from '../../runtime/session.ts';
import { type Check, fail, pass } from '../check.ts';

/** ONNX Runtime's own profile of those batches says that every node computed on the device. */
export const profileCheck: Check = {
  name: 'profile',
  after: ['forward'],
  run: async ({ device, trial }) => {
    const expected = executionProviderOf(device);
    const times = await trial.profile();
    const runs = times.reduce((sum, time) => sum + time.runs, 0);
    if (runs === 0)
      return fail(
        'the profile names no node',
        'nothing proves where it ran; another ONNX Runtime may profile otherwise',
      );
    const stray = times.filter(({ provider }) => provider !== expected);
    const names = stray.map(({ operator, provider }) => `${operator} on ${provider || 'nothing named'}`).join(', ');
    return stray.length > 0
      ? fail(
          `not on ${expected}: ${names}`,
          'a model made by swipenet runs there whole: import or train it again',
          times,
        )
      : pass(`all ${runs} node runs were on ${expected}`, times);
  },
};
