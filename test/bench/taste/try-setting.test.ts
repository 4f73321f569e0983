import { FEATURE_COUNT } from '@swipenet/server/training/head/feature-model.ts';
import { seededRandom } from '@swipenet/shared/random.ts';
import { describe, expect, it } from 'vitest';
import { METHOD_NAMES, type MethodName } from './methods.ts';
import { tryAll } from './pool.ts';
import { type KnownPhotos, trySetting } from './try-setting.ts';

const setting = { persona: 'roses', size: 80, wrongShare: 0, seed: 1 };

/** Photos of roses and of others with random features. Roses have more of the first ten. */
function photosThatDiffer(): KnownPhotos {
  const random = seededRandom(2);
  const kinds = Array.from({ length: 1200 }, (_, photo) => (photo % 6 === 0 ? 'roses' : 'other'));
  const features = new Float32Array(kinds.length * FEATURE_COUNT).map((_, at) => {
    const isRose = kinds[Math.floor(at / FEATURE_COUNT)] === 'roses';
    return random() + (isRose && at % FEATURE_COUNT < 10 ? 3 : 0);
  });
  return { kinds, features, spare: undefined };
}

const photos = photosThatDiffer();

describe('a setting', () => {
  it.each(METHOD_NAMES)('is learned by %s when kinds differ clearly', (method) => {
    const { metrics, rated } = trySetting(photos, method, setting)!;
    expect(metrics.auc).toBeGreaterThan(0.9);
    expect(rated).toHaveLength(120);
  });

  it.each(METHOD_NAMES)('with too few profiles is refused only by Swipenet (%s)', (method) => {
    expect(trySetting(photos, method, { ...setting, size: 20 }) === undefined).toBe(method === 'ours');
  });

  it('has the same outcome in a thread', async () => {
    const methods: MethodName[] = ['ours', 'means', 'photos'];
    const tasks = methods.map((method) => ({ ...setting, size: 40, method }));
    const outcomes = await tryAll(photos, tasks, { threads: 2, onProgress: () => {} });
    expect(outcomes).toEqual(methods.map((method) => trySetting(photos, method, { ...setting, size: 40 })));
    expect(outcomes[0]).toBeUndefined();
  });
});
