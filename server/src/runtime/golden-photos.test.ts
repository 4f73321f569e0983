import { describe, expect, it } from 'vitest';
import { randomWeights } from '../../../test/support/random-weights.ts';
import { buildServingModel } from '../googlenet/serving-model.ts';
import type { Weights } from '../googlenet/weights.ts';
import { goldenPhotos, scoreGoldenPhotos } from './golden-photos.ts';
import { openSession, type Session } from './session.ts';

const weights = randomWeights(3);

/** Scores the golden photos with a network whose weights are multiplied by a factor. */
async function scoringWith(factor: number): Promise<void> {
  const scaled: Weights = new Map(
    [...weights].map(([name, { shape, data }]) => [name, { shape, data: data.map((weight) => factor * weight) }]),
  );
  const model = buildServingModel({ weights: scaled, mean: 115, temperature: 1, storage: 'float32' });
  const session = await openSession({ model, device: 'cpu', threads: 1 });
  try {
    await scoreGoldenPhotos(session);
  } finally {
    await session.close();
  }
}

/** A session that always answers the same. */
const answering = (outputs: Record<string, number[]>): Session => ({
  run: async () =>
    Object.fromEntries(
      Object.entries(outputs).map(([name, numbers]) => [
        name,
        { data: Float32Array.from(numbers), shape: [1, numbers.length] },
      ]),
    ),
  close: async () => {},
});

describe('the golden photos', () => {
  it('are the same every time, and differ', () => {
    const [card, rings] = goldenPhotos();
    expect([card, rings]).toEqual(goldenPhotos());
    expect(new Set(card)).toEqual(new Set([128]));
    expect(new Set(rings).size).toBeGreaterThan(200);
  });

  it('accept a network, and reject one that overflows or that ignores photos', async () => {
    await scoringWith(1);
    await expect(scoringWith(1_000)).rejects.toThrow('of a test photo is not a finite number');
    await expect(scoringWith(0)).rejects.toThrow('gives two different test photos the same result');
  });

  it.each([
    ['no confidence', { features: [1, 2] }, 'no output named confidence'],
    ['no sum of 1', { confidence: [0.5, 0.4] }, 'don’t add up to 1'],
    ['a negative confidence', { confidence: [1.5, -0.5] }, 'don’t add up to 1'],
    ['a number that isn’t one', { confidence: [Number.NaN, 1] }, 'confidence of a test photo is not a finite'],
    ['evidence beyond all numbers', { confidence: [0, 1], evidence: [1, Number.POSITIVE_INFINITY] }, 'evidence'],
  ])('reject a model with %s', async (_what, outputs, message) => {
    await expect(scoreGoldenPhotos(answering(outputs))).rejects.toThrow(message);
  });
});
