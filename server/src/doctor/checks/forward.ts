import { EVIDENCE_SIDE } from '@swipenet/shared/photo.ts';
import { type Check, fail, pass } from '../check.ts';
import type { ProbeAnswer } from '../probe.ts';

/** The model answers batches of every size that the server makes, and each with as many sensible numbers as it has photos. */
export const forwardCheck: Check = {
  name: 'forward',
  after: ['session'],
  run: async ({ trial }) => {
    const answers = await trial.answers();
    const wrong = [...answers].flatMap(([size, answer]) =>
      faultsOf(size, answer).map((fault) => `a batch of ${size}: ${fault}`),
    );
    const sizes = [...answers.keys()].join(', ');
    return wrong.length > 0
      ? fail(
          wrong[0]!,
          'a damaged model, driver or GPU memory; try another model, then another driver',
          wrong.join('\n'),
        )
      : pass(`batches of ${sizes} photos are answered`);
  },
};

function faultsOf(size: number, { likes, evidence }: ProbeAnswer): string[] {
  const expected = size * EVIDENCE_SIDE ** 2;
  return [
    ...(likes.length === size ? [] : [`${likes.length} confidences for ${size} photos`]),
    ...(evidence.length === expected ? [] : [`${evidence.length} numbers of evidence, not ${expected}`]),
    ...(likes.every((like) => like >= 0 && like <= 1) ? [] : ['a confidence is not a number from 0 to 1']),
    ...(evidence.every(Number.isFinite) ? [] : ['evidence is not finite']),
  ];
}
