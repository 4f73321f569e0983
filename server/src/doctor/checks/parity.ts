import { type Check, fail, pass } from '../check.ts';

/**
 * How far an answer may be from the CPU's. Two orders of summation in float32 differ by about 1e-6 of a sum; through 22
 * layers and without TF32 (which the engines switch off, and which alone costs 1e-3) there is room to spare.
 */
const TOLERANCE = { like: 1e-3, evidence: 1e-2 };

/** In every size of batch the photos' answers are those of the CPU, which takes them one by one. */
export const parityCheck: Check = {
  name: 'parity',
  after: ['forward'],
  run: async ({ trial }) => {
    const reference = await trial.reference();
    const answers = [...(await trial.answers())].map(([batch, { likes, evidence }]) => ({
      batch,
      like: furthest(likes, reference.likes),
      evidence: furthest(evidence, reference.evidence),
    }));
    const worst = {
      like: Math.max(...answers.map(({ like }) => like)),
      evidence: Math.max(...answers.map(({ evidence }) => evidence)),
    };
    const summary =
      `at most ${worst.like.toExponential(1)} in a confidence and ${worst.evidence.toExponential(1)} in evidence ` +
      `from the CPU, photo by photo (allowed: ${TOLERANCE.like}, ${TOLERANCE.evidence})`;
    return worst.like <= TOLERANCE.like && worst.evidence <= TOLERANCE.evidence
      ? pass(summary, answers)
      : fail(summary, 'do not use this device: another driver or cuDNN, or a GPU that computes wrongly', answers);
  },
};

/** The largest difference between two lists, as far as the first goes. NaN stays NaN, which is within no tolerance. */
const furthest = (numbers: Float32Array, others: Float32Array) =>
  numbers.reduce((most, number, index) => Math.max(most, Math.abs(number - others[index]!)), 0);
