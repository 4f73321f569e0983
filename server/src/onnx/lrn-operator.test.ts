import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { seededRandom, uniform } from '../../../test/support/random.ts';
import { goldenPhotos } from '../runtime/golden-photos.ts';
import { openSession } from '../runtime/session.ts';
import { withLrnOperators } from './lrn-operator.ts';
import { decodeModelProto, encodeModelProto } from './proto.ts';

const file = (id: string) => readFileSync(new URL(`../../models/${id}/model.onnx`, import.meta.url));
const photos = Uint8Array.from([
  ...goldenPhotos().flatMap((photo) => [...photo]),
  ...uniform(seededRandom(3), 224 * 224, 127).map((level) => level + 128),
]);

async function run(model: Uint8Array) {
  const session = await openSession({ model, device: 'cpu', threads: 1 });
  const outputs = await session.run({ photos: { data: photos, shape: [3, 1, 224, 224] } });
  await session.close();
  return outputs;
}

const furthest = (one: Float32Array, other: Float32Array) =>
  one.reduce((most, number, index) => Math.max(most, Math.abs(number - other[index]!)), 0);

describe('a model for CUDA', () => {
  it('has LRN operators in place of the bands, and gives the same results to within 1e-5', async () => {
    const model = file('quality');
    const rewritten = withLrnOperators(model);
    const { graph, metadataProps } = decodeModelProto(rewritten);
    expect(graph.node.filter(({ opType }) => opType === 'LRN').map(({ name }) => name)).toEqual([
      'pool1/norm1',
      'conv2/norm2',
    ]);
    expect(graph.node.some(({ opType }) => opType === 'Sqrt')).toBe(false);
    expect(graph.initializer.some(({ name }) => name.includes('/band'))).toBe(false);
    expect(metadataProps).toEqual(decodeModelProto(model).metadataProps);
    const [before, after] = [await run(model), await run(rewritten)];
    expect(Object.keys(after)).toEqual(Object.keys(before));
    expect(furthest(after.confidence!.data, before.confidence!.data)).toBeLessThan(1e-5);
    expect(furthest(after.evidence!.data, before.evidence!.data)).toBeLessThan(1e-4);
    const largest = Math.max(...before.features!.data);
    expect(furthest(after.features!.data, before.features!.data) / largest).toBeLessThan(1e-5);
  });

  it('stays as it is if it has no band', () => {
    const model = file('quality-int8');
    expect(withLrnOperators(model)).toBe(model);
  });

  it('keeps a band that isn’t one, or whose sums are used elsewhere', () => {
    const changed = (change: (graph: ReturnType<typeof decodeModelProto>['graph']) => void) => {
      const model = decodeModelProto(file('quality'));
      change(model.graph);
      return encodeModelProto(model);
    };
    const lrns = (model: Uint8Array) =>
      decodeModelProto(withLrnOperators(model)).graph.node.filter(({ opType }) => opType === 'LRN').length;
    const otherBand = changed(({ initializer }) => {
      const band = initializer.find(({ name }) => name === 'pool1/norm1/band')!;
      band.rawData = Uint8Array.from(band.rawData!);
      new DataView(band.rawData.buffer).setFloat32(0, 1, true);
    });
    expect(lrns(otherBand)).toBe(1);
    const otherReader = changed(({ node }) => {
      node.find(({ opType }) => opType === 'Softmax')!.input.push('conv2/norm2/scale');
    });
    expect(lrns(otherReader)).toBe(1);
  });
});
