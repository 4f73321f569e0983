import { executionProviderOf } from '../../runtime/session.ts';
import { type Check, fail, pass } from '../check.ts';

/** Checks that every node ran on the device, according to ONNX Runtime's own profile of those batches. */
export const profileCheck: Check = {
  name: 'profile',
  after: ['forward'],
  run: async ({ device, trial }) => {
    const expected = executionProviderOf(device);
    const times = await trial.profile();
    const runs = times.reduce((sum, time) => sum + time.runs, 0);
    if (runs === 0)
      return fail(
        'the profile is empty',
        'nothing shows where the model ran; this version of ONNX Runtime may use another format',
      );
    const stray = times.filter(({ provider }) => provider !== expected);
    const names = stray
      .map(({ operator, provider }) => `${operator} on ${provider || 'an unknown provider'}`)
      .join(', ');
    return stray.length > 0
      ? fail(
          `not on ${expected}: ${names}`,
          'models made by swipenet run there entirely; import or train this one again',
          times,
        )
      : pass(`all ${runs} node runs used ${expected}`, times);
  },
};
