import { describe, expect, it } from 'vitest';
import { EMBEDDED_MODEL } from '../config/embedded-model.ts';
import { testPhotos } from '../doctor/test-photos.ts';
import { decodeModelProto } from '../onnx/proto.ts';
import { loadServedModel } from '../registry/model-registry.ts';
import { openSession } from '../runtime/session.ts';
import { modelOnDevice } from './device-model.ts';

const COUNT = 4;
const quality = loadServedModel([EMBEDDED_MODEL.folder], EMBEDDED_MODEL.id);
const bytesFor = async (precision: 'fp32' | 'fp16') => (await modelOnDevice(await quality, 'cuda:0', precision)).bytes!;

async function run(model: Uint8Array) {
  const session = await openSession({ model, device: 'cpu', threads: 1 });
  const outputs = await session.run({ photos: { data: testPhotos(COUNT), shape: [COUNT, 1, 224, 224] } });
  await session.close();
  return outputs;
}

const furthest = (one: Float32Array, other: Float32Array) =>
  one.reduce((most, number, index) => Math.max(most, Math.abs(number - other[index]!)), 0);

describe('a model on a device', () => {
  it('is its file on a CPU, in every precision', async () => {
    const model = await quality;
    const file = { modelPath: model.modelPath, sha256: model.manifest.model.sha256 };
    expect(await modelOnDevice(model, 'cpu')).toEqual(file);
  });

  it('is refused for CUDA if the file isn’t the one that was checked', async () => {
    const { modelPath, manifest } = await quality;
    const other = { modelPath, manifest: { ...manifest, model: { ...manifest.model, sha256: 'ab'.repeat(32) } } };
    await expect(modelOnDevice(other, 'cuda:0')).rejects.toThrow('the model file has changed since it was checked');
  });

  it('convolves and pools in float16 with fp16, but normalizes in float32', async () => {
    const { graph } = decodeModelProto(await bytesFor('fp16'));
    const made = new Map(graph.node.flatMap((node) => node.output.map((name) => [name, node] as const)));
    const constants = new Map(graph.initializer.map((tensor) => [tensor.name, tensor.dataType]));
    const castTo = (name: string) => made.get(name)?.attribute.find((attribute) => attribute.name === 'to')?.i;
    for (const { input } of graph.node.filter(({ opType }) => opType === 'LRN')) expect(castTo(input[0]!)).toBe(1);
    const weights = graph.node.filter(({ opType }) => ['Conv', 'Gemm'].includes(opType)).map(({ input }) => input[1]!);
    const types = weights.map((name) => constants.get(name) ?? castTo(name));
    expect(types).toEqual(weights.map(() => 10)); // the evidence map's filter is computed, and then cast
    expect(graph.node.filter(({ opType }) => opType === 'Softmax').map(({ input }) => castTo(input[0]!))).toEqual([
      undefined,
    ]);
  });

  it('gives nearly the same results with fp16, in the same outputs', async () => {
    const [exact, half] = [await run(await bytesFor('fp32')), await run(await bytesFor('fp16'))];
    expect(Object.keys(half)).toEqual(Object.keys(exact));
    expect(furthest(half.confidence!.data, exact.confidence!.data)).toBeLessThan(5e-3);
    expect(furthest(half.confidence!.data, exact.confidence!.data)).toBeGreaterThan(0);
    expect(furthest(half.evidence!.data, exact.evidence!.data)).toBeLessThan(0.1);
    const largest = Math.max(...exact.features!.data);
    expect(furthest(half.features!.data, exact.features!.data) / largest).toBeLessThan(5e-3);
  });
});
