import { type Check, fail, pass } from '../check.ts';
import { furthest } from '../furthest.ts';

/**
 * How far a result may be from the CPU's. Two orders of summation in float32 differ by about 1e-6 of a sum. Over 22
 * layers, that leaves plenty of room.
 */
const TOLERANCE = { like: 1e-3, evidence: 1e-2 };

/**
 * The same with TF32 or float16, which both round to 10 bits. Rounding the inputs of all convolutions to 10 bits on a CPU
 * changed confidences of the test photos by at most 2e-3 and evidence by 2.3e-2 (2026-11).
 */
const COARSE_TOLERANCE = { like: 5e-3, evidence: 1e-1 };

/** Checks that each photo's result matches the CPU's at every batch size. The CPU runs the photos one by one. */
export const parityCheck: Check = {
  name: 'parity',
  after: ['forward'],
  run: async ({ device, trial, coarse = false }) => {
    const tolerance = coarse && device !== 'cpu' ? COARSE_TOLERANCE : TOLERANCE;
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
      `${worst.evidence.toExponential(1)} in evidence (allowed: ${tolerance.like}, ${tolerance.evidence})`;
    return worst.like <= tolerance.like && worst.evidence <= tolerance.evidence
      ? pass(summary, answers)
      : fail(
          summary,
          'don’t use this device; try another driver or cuDNN version (the GPU itself may be faulty)',
          answers,
        );
  },
};
