import { type Check, fail, pass } from '../check.ts';

/**
 * How far a result may be from the CPU's. Two orders of summation in float32 differ by about 1e-6 of a sum. Over 22
 * layers and without TF32, that leaves plenty of room. (The engines turn off TF32, which alone would cost 1e-3.)
 */
const TOLERANCE = { like: 1e-3, evidence: 1e-2 };

/** Checks that each photo's result matches the CPU's at every batch size. The CPU runs the photos one by one. */
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
      `differs from the CPU by at most ${worst.like.toExponential(1)} in confidence and ` +
      `${worst.evidence.toExponential(1)} in evidence (allowed: ${TOLERANCE.like}, ${TOLERANCE.evidence})`;
    return worst.like <= TOLERANCE.like && worst.evidence <= TOLERANCE.evidence
      ? pass(summary, answers)
      : fail(
          summary,
          'don’t use this device; try another driver or cuDNN version (the GPU itself may be faulty)',
          answers,
        );
  },
};

/**
 * Returns the largest difference between two lists, over the length of the first. NaN stays NaN and is never tolerated.
 */
const furthest = (numbers: Float32Array, others: Float32Array) =>
  numbers.reduce((most, number, index) => Math.max(most, Math.abs(number - others[index]!)), 0);
