import type { DecisionRule } from '@swipenet/shared/decision.ts';
import { describe, expect, it } from 'vitest';
import { encodedPhoto } from '../image/photo-bytes.ts';
import { evaluate } from '../training/evaluation/evaluate.ts';
import { evaluationLines, knownLines } from './evaluate.ts';

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

describe('the warning about training photos', () => {
  const known = { basis: 'file_hashes', dataset: 'ab'.repeat(32), trainingPhotos: 1000 } as const;

  it('counts and names the photos, and says how they were recognized', () => {
    expect(knownLines({ ...known, paths: ['a.jpg', 'b\u001b.jpg'] }, 'mine', 40)).toBe(
      [
        'warning: mine was trained on 2 of the 40 photos, so its figures are too good',
        '  (by the SHA-256 of each file, among the 1,000 training photos of dataset abababababababab; edited copies aren’t found)',
        '  a.jpg',
        '  b\\x1b.jpg',
      ].join('\n'),
    );
    const paths = Array.from({ length: 25 }, (_, at) => `${at}.jpg`);
    expect(knownLines({ ...known, paths }, 'mine', 30)).toMatch(/ {2}19\.jpg\n {2}… and 5 more in --json$/);
  });

  it('says nothing if there are none, and that nothing is known without a record', () => {
    expect(knownLines({ ...known, paths: [] }, 'mine', 3)).toBeUndefined();
    expect(knownLines(null, 'mine', 3)).toMatch(/^note: mine doesn’t record its training photos/);
  });
});
