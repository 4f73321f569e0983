import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom, uniform } from '../../../test/support/random.ts';
import { randomWeights } from '../../../test/support/random-weights.ts';
import { decodeModelProto } from '../onnx/proto.ts';
import { openSession, type Tensor } from '../runtime/session.ts';
import { buildServingModel, type ServingModelOptions } from './serving-model.ts';
import { parameterShapes, type Weights } from './weights.ts';

const weights = randomWeights(11);
const photos: Tensor = {
  data: Uint8Array.from(uniform(seededRandom(5), 2 * 224 * 224, 127), (level) => level + 128),
  shape: [2, 1, 224, 224],
};

async function run(
  options: Partial<ServingModelOptions>,
): Promise<{ confidence: Float32Array; evidence: Float32Array }> {
  const model = buildServingModel({ weights, mean: 114.7, temperature: 1, storage: 'float32', ...options });
  const session = await openSession({ model, device: 'cpu', threads: 2 });
  const { confidence, evidence } = await session.run({ photos });
  await session.close();
  expect(confidence?.shape).toEqual([2, 2]);
  expect(evidence?.shape).toEqual([2, 7, 7]);
  return { confidence: confidence!.data, evidence: evidence!.data };
}

/** Recovers LIKE's logit minus NOPE's from the softmax of two classes. */
const logitDifference = (confidence: Float32Array, photo: number) =>
  Math.log(confidence[2 * photo + 1]! / confidence[2 * photo]!);

const worstDifference = (a: Float32Array, b: Float32Array) =>
  Math.max(...a.map((value, index) => Math.abs(value - b[index]!)));

describe('GoogLeNet', () => {
  let reference: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    reference = await run({});
  });

  it('has exactly 5,969,330 parameters for gray photos and two classes, 6,998,552 for color and 1000', () => {
    const count = (shapes: Map<string, readonly number[]>) =>
      [...shapes.values()].reduce((sum, shape) => sum + shape.reduce((product, size) => product * size, 1), 0);
    expect(count(parameterShapes())).toBe(5_969_330);
    expect(count(parameterShapes(3, 1000))).toBe(6_998_552);
  });

  it('stores all its parameters in its file', () => {
    const model = decodeModelProto(buildServingModel({ weights, mean: 0, temperature: 1, storage: 'float32' }));
    const stored = model.graph.initializer.filter(({ name }) => weights.has(name));
    expect(stored.reduce((sum, { rawData }) => sum + rawData!.length / 4, 0)).toBe(5_969_330);
    expect(model.graph.initializer.every(({ externalData }) => (externalData ?? []).length === 0)).toBe(true);
  });

  it('gives the same outputs with ONNX Runtime’s own LRN op', async () => {
    const byOp = await run({ lrnForm: 'op' });
    expect(worstDifference(byOp.confidence, reference.confidence)).toBeLessThan(1e-5);
    expect(worstDifference(byOp.evidence, reference.evidence)).toBeLessThan(1e-4);
    expect(Math.abs(logitDifference(reference.confidence, 0))).toBeGreaterThan(1e-3); // the photos do make a difference
  });

  it('explains its logits: mean(evidence) + bias difference = logit difference', () => {
    const [nope, like] = weights.get('loss3/classifier.bias')!.data;
    for (const photo of [0, 1]) {
      const map = reference.evidence.subarray(49 * photo, 49 * (photo + 1));
      const mean = map.reduce((sum, value) => sum + value, 0) / 49;
      expect(mean + like! - nope!).toBeCloseTo(logitDifference(reference.confidence, photo), 4);
    }
  });

  it('divides the logits by the temperature but not the evidence', async () => {
    const cooled = await run({ temperature: 2 });
    expect(logitDifference(cooled.confidence, 0)).toBeCloseTo(logitDifference(reference.confidence, 0) / 2, 5);
    expect(worstDifference(cooled.evidence, reference.evidence)).toBeLessThan(1e-6);
  });

  it('subtracts a mean image pixel by pixel, so a constant image equals a single level', async () => {
    const byImage = await run({ mean: new Float32Array(224 * 224).fill(114.7) });
    expect(worstDifference(byImage.confidence, reference.confidence)).toBe(0);
    const other = await run({ mean: Float32Array.from({ length: 224 * 224 }, (_, pixel) => pixel % 200) });
    expect(worstDifference(other.confidence, reference.confidence)).toBeGreaterThan(1e-4);
  });

  it('gives nearly the same outputs with float16 weights, in half the bytes', async () => {
    const half = await run({ storage: 'float16' });
    expect(worstDifference(half.confidence, reference.confidence)).toBeLessThan(5e-3);
    expect(buildServingModel({ weights, mean: 0, temperature: 1, storage: 'float16' }).length).toBeLessThan(13_000_000);
  });

  it.each<[string, (tensors: Map<string, Weights extends ReadonlyMap<string, infer T> ? T : never>) => void, string]>([
    [
      'a missing tensor',
      (tensors) => tensors.delete('inception_4e/5x5.bias'),
      'the tensor inception_4e/5x5.bias is missing',
    ],
    [
      'a tensor with the wrong shape',
      (tensors) => tensors.set('conv1/7x7_s2.weight', { shape: [64, 3, 7, 7], data: new Float32Array(64 * 3 * 49) }),
      'the tensor conv1/7x7_s2.weight has shape [64,3,7,7], expected [64,1,7,7]',
    ],
    [
      'a NaN',
      (tensors) => tensors.set('conv1/7x7_s2.bias', { shape: [64], data: new Float32Array(64).fill(Number.NaN) }),
      'the tensor conv1/7x7_s2.bias has values that aren’t finite numbers',
    ],
    [
      'an unknown tensor',
      (tensors) => tensors.set('fc9.bias', { shape: [1], data: new Float32Array(1) }),
      'the tensor fc9.bias is not part of GoogLeNet',
    ],
  ])('names the first tensor that is wrong: %s', (_name, change, message) => {
    const changed = new Map(weights);
    change(changed);
    expect(() => buildServingModel({ weights: changed, mean: 0, temperature: 1, storage: 'float32' })).toThrow(message);
  });
});
