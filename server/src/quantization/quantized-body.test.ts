// @module-tag slow
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelDescription } from '../../../test/support/model-forms.ts';
import { seededRandom, uniform } from '../../../test/support/random.ts';
import { randomWeights } from '../../../test/support/random-weights.ts';
import { buildServingModel } from '../googlenet/serving-model.ts';
import type { Weights } from '../googlenet/weights.ts';
import { grayLevels } from '../image/photo-bytes.ts';
import { decodeModelProto, type TensorProto } from '../onnx/proto.ts';
import type { Manifest } from '../registry/manifest.ts';
import { loadModel, type ModelDescription, publishModel } from '../registry/model-registry.ts';
import { comparesFeatures } from '../registry/quantization.ts';
import { FEATURE_COUNT } from '../training/head/feature-model.ts';
import { foldHead } from '../training/head/fold-head.ts';
import { publishInt8 } from './publish-int8.ts';
import { quantizeModel } from './quantize-model.ts';
import { quantizedBodyOf } from './quantized-body.ts';

const SPARE: [number, number] = [5, 260];
const MEAN = 114.7;
const PHOTOS = [1, 2, 3].map((seed) => {
  const levels = grayLevels();
  levels.set(uniform(seededRandom(seed), levels.length, 127).map((level) => level + 128));
  return { levels };
});
const photos = { calibration: PHOTOS.slice(0, 1), evaluation: PHOTOS.slice(1) };
const work = { threads: 2 };

describe('the int8 forms of heads on one network', () => {
  const folder = mkdtempSync(join(tmpdir(), 'swipenet-test-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const weights = randomWeights(5);
  let base: Manifest;

  const publish = async (id: string, about: Partial<ModelDescription>, tensors: Weights) => {
    const bytes = buildServingModel({ weights: tensors, mean: MEAN, temperature: 1, storage: 'float32' });
    return publishModel(folder, { ...modelDescription(id), ...about }, { bytes, storage: 'float32' });
  };
  const quantize = async (parent: Manifest) => {
    const body = await quantizedBodyOf(parent, [folder]);
    const int8 = await quantizeModel(await loadModel([folder], parent.id), { photos, method: 'minmax', body }, work);
    const calibration = body?.calibration ?? { method: 'minmax' as const, photos: 1, indexSha256: 'x' };
    await publishInt8(folder, { id: `${parent.id}-int8`, parent, calibration, command: 'npm test' }, int8);
    return { int8, tensors: await tensorsOf(`${parent.id}-int8`) };
  };
  const tensorsOf = async (id: string) => {
    const { modelPath } = await loadModel([folder], id);
    const { graph } = decodeModelProto(await readFile(modelPath));
    return new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  };
  const publishHead = (id: string, seed: number) => {
    const head = { weights: Float64Array.from(uniform(seededRandom(seed), FEATURE_COUNT, 0.1)), bias: 0.5 };
    for (const filter of SPARE) head.weights[filter] = 0;
    const about = {
      decision: { rule: 'any' as const, threshold: 0.5 },
      headOf: { id: 'base', sha256: base.model.sha256 },
    };
    return publish(id, about, foldHead(weights, head, SPARE, 2));
  };

  beforeAll(async () => {
    const classless = new Map([
      ...weights,
      ['loss3/classifier.weight', { shape: [1, 1024], data: new Float32Array(1024) }],
      ['loss3/classifier.bias', { shape: [1], data: new Float32Array(1) }],
    ]);
    base = await publish('base', { classes: 1, spareFilters: { filters: SPARE, largestMean: 1 } }, classless);
    const { int8 } = await quantize(base);
    expect(comparesFeatures(int8.faithfulness)).toBe(true); // it has no confidences to compare
  }, 60_000);

  it('differ from the network’s own in its two spare filters and the classifier only', async () => {
    const own = await tensorsOf('base-int8');
    for (const [id, seed] of [
      ['one', 1],
      ['two', 2],
    ] as const) {
      const { tensors, int8 } = await quantize(await publishHead(id, seed));
      const changed = [...own].flatMap(([name, tensor]) => {
        const filters = changedFilters(tensor, tensors.get(name)!);
        return filters.length > 0 ? [[name, filters]] : [];
      });
      expect(Object.fromEntries(changed)).toEqual({
        'inception_5b/1x1.weight': SPARE,
        'inception_5b/1x1.weight/scale': SPARE,
        'inception_5b/1x1.bias': SPARE,
        'loss3/classifier.weight': 'other shape',
        'loss3/classifier.bias': 'other shape',
      });
      expect(int8.faithfulness).toMatchObject({ changedVerdicts: 0 });
    }
  }, 60_000);

  it('have layers of their own if the network isn’t the one they were learned on', async () => {
    const { headOf, ...others } = await publishHead('three', 3);
    const foreign = { ...others, headOf: { ...headOf!, sha256: '0'.repeat(64) } };
    expect(await quantizedBodyOf(foreign, [folder])).toBeUndefined();
    expect(await quantizedBodyOf(others, [folder])).toBeUndefined();
  });
});

/** Returns the filters, the first dimension, whose bytes differ. */
function changedFilters(one: TensorProto, other: TensorProto): number[] | 'other shape' {
  if (one.dims.join() !== other.dims.join()) return 'other shape';
  const filters = one.dims[0] ?? 1;
  const size = one.rawData!.length / filters;
  const bytesOf = ({ rawData }: TensorProto, filter: number) =>
    Buffer.from(rawData!.subarray(filter * size, (filter + 1) * size));
  return Array.from({ length: filters }, (_, filter) => filter).filter(
    (filter) => !bytesOf(one, filter).equals(bytesOf(other, filter)),
  );
}
