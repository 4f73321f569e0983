// @module-tag slow
import { describe, expect, it } from 'vitest';
import { seededRandom, uniform } from '../../../test/support/random.ts';
import { randomWeights } from '../../../test/support/random-weights.ts';
import { openSession } from '../runtime/session.ts';
import { foldHead } from '../training/head/fold-head.ts';
import { FEATURE_COUNT, likeOf, readHead } from './linear-head.ts';
import { buildServingModel } from './serving-model.ts';

const weights = randomWeights(21);
const shape = [2, 1, 224, 224];
const levels = Uint8Array.from(uniform(seededRandom(6), 2 * 224 * 224, 127), (level) => level + 128);
const network = { mean: 114.7, storage: 'float32' } as const;

async function run(model: Uint8Array) {
  const session = await openSession({ model, device: 'cpu', threads: 2 });
  const { confidence, features } = await session.run({ photos: { data: levels, shape } });
  await session.close();
  return {
    likes: [confidence!.data[1]!, confidence!.data[3]!],
    features: [0, 1].map((photo) => features!.data.subarray(photo * FEATURE_COUNT, (photo + 1) * FEATURE_COUNT)),
  };
}

describe('a head that is read from its model', () => {
  it('gives features of the network below it the confidences of the whole model, also with rounded weights', async () => {
    const below = await run(buildServingModel({ ...network, weights, temperature: 1 }));
    const head = { weights: Float64Array.from(uniform(seededRandom(7), FEATURE_COUNT, 0.01)), bias: 0.2 };
    for (const filter of [3, 5]) head.weights[filter] = 0;
    const folded = foldHead(weights, head, [3, 5], 0.37);
    for (const storage of ['float32', 'float16'] as const) {
      const model = buildServingModel({ ...network, weights: folded, temperature: 1.7, storage });
      const read = readHead(model);
      expect(read.spare).toEqual([3, 5]);
      const same =
        storage === 'float32' ? below : await run(buildServingModel({ ...network, weights, temperature: 1, storage }));
      const { likes } = await run(model);
      expect(Math.abs(likes[0]! - likes[1]!)).toBeGreaterThan(1e-4); // the photos must differ
      for (const [photo, like] of likes.entries()) {
        expect(Math.abs(likeOf(read, same.features[photo]!) - like)).toBeLessThan(1e-5);
      }
    }
  }, 30_000);

  it('isn’t found in a model that no head was folded into, or in one of another network', () => {
    const biased = new Map(weights).set('inception_5b/1x1.bias', { shape: [384], data: new Float32Array(384).fill(1) });
    const without = buildServingModel({ ...network, weights: biased, temperature: 1 });
    expect(() => readHead(without)).toThrow('no head was folded');
    expect(() => readHead(Buffer.from('no model at all'))).toThrow();
  });
});
