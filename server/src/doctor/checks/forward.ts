import { EVIDENCE_SIDE } from '@swipenet/shared/photo.ts';
import { type Check, fail, pass } from '../check.ts';
import type { ProbeAnswer } from '../probe.ts';

/** Checks that the model answers batches of every size that the server uses, with plausible numbers for each photo. */
export const forwardCheck: Check = {
  name: 'forward',
  after: ['session'],
  run: async ({ trial }) => {
    const answers = await trial.answers();
    const wrong = [...answers].flatMap(([size, answer]) =>
      faultsOf(size, answer).map((fault) => `batch of ${size}: ${fault}`),
    );
    const sizes = [...answers.keys()].join(', ');
    return wrong.length > 0
      ? fail(
          wrong[0]!,
          'the model, the driver or the GPU’s memory may be damaged; try another model, then another driver',
          wrong.join('\n'),
        )
      : pass(`answers batches of ${sizes} photos`);
  },
};

function faultsOf(size: number, { likes, evidence }: ProbeAnswer): string[] {
  const expected = size * EVIDENCE_SIDE ** 2;
  return [
    ...(likes.length === size ? [] : [`${likes.length} confidences for ${size} photos`]),
    ...(evidence.length === expected ? [] : [`${evidence.length} evidence values instead of ${expected}`]),
    ...(likes.every((like) => like >= 0 && like <= 1) ? [] : ['a confidence is not between 0 and 1']),
    ...(evidence.every(Number.isFinite) ? [] : ['the evidence has values that aren’t finite']),
  ];
}
