import { type Check, fail, pass } from '../check.ts';

/** How far a confidence may move because batches of another size came in between. A GPU may choose another algorithm. */
const TOLERANCE = 1e-3;

/**
 * Measures what a change of batch size costs within one session, and checks that results stay the same. A repeated size, as
 * `throughput` measures it, doesn't show that ONNX Runtime plans convolutions anew.
 */
export const batchChangesCheck: Check = {
  name: 'batch-changes',
  after: ['forward'],
  run: async ({ trial }) => {
    const change = await trial.batchChange();
    const { sizes, msPerChange, difference } = change;
    const between = `between batches of ${sizes.join(' and ')} photos`;
    return difference <= TOLERANCE
      ? pass(`in one session, a change ${between} costs ${msPerChange.toFixed(1)} ms`, change)
      : fail(
          `a change ${between} changes results by up to ${difference.toExponential(1)} in confidence`,
          'don’t use this device; try another driver or cuDNN version (the GPU itself may be faulty)',
          change,
        );
  },
};
