import { describe, expect, it } from 'vitest';
import { seededRandom, uniform } from '../../../../../test/support/random.ts';
import { grayLevels } from '../../../image/photo-bytes.ts';
import { centerCrop } from '../../../image/preprocess.ts';
import { openSession } from '../../../runtime/session.ts';
import { type Rows, rowTensor, toRows } from '../../step/state-layout.ts';
import { buildEvaluationModel, planTraining } from '../../step/training-graph.ts';
import { initialParameters } from '../start/initialize.ts';
import { exportModel, levelOfMean } from './export-model.ts';

const shape = { batchSize: 1, cropSize: 224, classes: 2, width: 1 };
const { layout, shapes } = planTraining(shape);
const random = seededRandom(9);
const photo = Uint8Array.from(uniform(random, 256 * 256, 127), (level) => level + 128);
const meanImage = uniform(random, 256 * 256, 20).map((level) => level + 110);
const parameters: Rows = toRows(layout, initialParameters(shapes, 3));

/** The photo's LIKE confidence as validation computes it during training. */
async function inTraining(subtracted: Float32Array, temperature: number): Promise<number> {
  const model = buildEvaluationModel({ ...shape, mean: subtracted });
  const session = await openSession({ model, device: 'cpu', threads: 1 });
  const photos = { data: centerCrop(grayLevels(photo)), shape: [1, 1, 224, 224] };
  const rows = {
    weights: rowTensor(layout.weights, parameters.weights),
    biases: rowTensor(layout.biases, parameters.biases),
  };
  const { logits } = await session.run({ photos, ...rows });
  await session.close();
  const [nope, like] = logits!.data;
  return 1 / (1 + Math.exp((nope! - like!) / temperature));
}

describe('an exported model', () => {
  it.each(['image', 'pixel'] as const)('scores as validation did, with the mean %s', async (mean) => {
    const model = exportModel({ layout, parameters, meanImage, mean, temperature: 2.5, storage: 'float32' });
    const session = await openSession({ model, device: 'cpu', threads: 1 });
    const photos = { data: centerCrop(grayLevels(photo)), shape: [1, 1, 224, 224] };
    const { confidence } = await session.run({ photos });
    await session.close();
    const subtracted = mean === 'image' ? meanImage : new Float32Array(meanImage.length).fill(levelOfMean(meanImage));
    expect(Math.abs(confidence!.data[1]! - (await inTraining(subtracted, 2.5)))).toBeLessThan(1e-6);
  });
});
