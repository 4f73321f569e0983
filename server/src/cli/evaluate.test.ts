import type { DecisionRule } from '@swipenet/shared/decision.ts';
import { expect, it } from 'vitest';
import { encodedPhoto } from '../image/photo-bytes.ts';
import { evaluate } from '../training/evaluation/evaluate.ts';
import { evaluationLines } from './evaluate.ts';

it('evaluates by the model’s rule, and prints profiles before photos', async () => {
  const rule: DecisionRule = { rule: 'profile', threshold: 0.45, largestShare: 0, perLogCount: 0 };
  const profiles = [
    { label: 'LIKE', likes: [0.5, 0.6] },
    { label: 'NOPE', likes: [0.9, 0.01] },
  ] as const;
  const photos = profiles.flatMap(({ label, likes }, profile) =>
    likes.map((like) => ({
      path: String(like),
      label,
      profile,
      read: async () => encodedPhoto(Uint8Array.of(100 * like)),
    })),
  );
  const score = async (bytes: ArrayLike<number>) => ({ like: bytes[0]! / 100 });
  const lines = evaluationLines(await evaluate(photos, { score, rule, workers: 1 }), rule).split('\n');
  expect(lines.slice(0, 4)).toEqual([
    'profiles: 2, 0 on hold, threshold 0.45 for all photos together (0 × largest + 1 × mean logit + 0 × ln(photos))',
    '  accuracy    1.0000, balanced 1.0000',
    '  AUC         1.0000',
    expect.stringMatching(/^ {2}calibration ECE 0\.\d{4} \(15 bins\), log loss 0\.\d{4}$/),
  ]);
  expect(lines).toContain('photos: 4, LIKE from 45.00%');
});
