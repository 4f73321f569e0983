import { seededRandom } from '@swipenet/shared/random.ts';
import { describe, expect, it } from 'vitest';
import { encodeModel, GraphBuilder } from '../../onnx/graph-builder.ts';
import { openSession, type Tensor } from '../../runtime/session.ts';
import { type Crop, centerOf, cropInto, placeOf, randomCrop } from '../dataset/batches/augment.ts';
import { PHOTO_BYTES } from '../dataset/dataset-format.ts';
import { centerCenterCrops, centerCrops } from './center-photos.ts';

const SIZE = 200;
const random = seededRandom(5);
const photo = Uint8Array.from({ length: PHOTO_BYTES }, () => random() * 256);
const mean = Float32Array.from({ length: PHOTO_BYTES }, () => random() * 256);

/** The photo minus the mean at the crop's own position, and then mirrored: in JavaScript, rounded once. */
const expected = ({ left, top, size, mirrored }: Crop) =>
  Float32Array.from({ length: size * size }, (_, index) => {
    const x = index % size;
    const at = (top + Math.floor(index / size)) * 256 + left + (mirrored ? size - 1 - x : x);
    return photo[at]! - mean[at]!;
  });

function photosOf(crops: readonly Crop[]): Tensor {
  const data = new Uint8Array(crops.length * SIZE * SIZE);
  for (const [index, crop] of crops.entries()) cropInto(photo, crop, data, index * SIZE * SIZE);
  return { data, shape: [crops.length, 1, SIZE, SIZE] };
}

async function runAs(graph: GraphBuilder, inputs: Record<string, Tensor>): Promise<Float32Array> {
  const session = await openSession({ model: encodeModel(graph.build()), device: 'cpu', threads: 1 });
  const outputs = await session.run(inputs);
  await session.close();
  return outputs['centered/out']!.data;
}

describe('subtracting the mean in the graph', () => {
  it('is exact at each crop’s own position, mirrored or not', async () => {
    const crops = [centerOf(SIZE), ...Array.from({ length: 7 }, () => randomCrop(random, SIZE, true))];
    expect(crops.some(({ mirrored }) => mirrored)).toBe(true);
    const places = crops.map(placeOf);
    const graph = new GraphBuilder('centers');
    const photos = graph.input('photos', 'uint8', [crops.length, 1, SIZE, SIZE]);
    const [origins, directions] = ['origins', 'directions'].map((name) => graph.input(name, 'int32', [crops.length]));
    const named = { origins: origins!, directions: directions! };
    graph.output(centerCrops(graph, photos, named, mean), 'centered/out');
    const outputs = await runAs(graph, {
      photos: photosOf(crops),
      origins: { data: Int32Array.from(places, ({ origin }) => origin), shape: [crops.length] },
      directions: { data: Int32Array.from(places, ({ direction }) => direction), shape: [crops.length] },
    });
    expect(outputs).toEqual(Float32Array.from(crops.flatMap((crop) => [...expected(crop)])));
  });

  it('is exact for center crops of any number', async () => {
    const graph = new GraphBuilder('center');
    const photos = graph.input('photos', 'uint8', ['N', 1, SIZE, SIZE]);
    graph.output(centerCenterCrops(graph, photos, mean), 'centered/out');
    const center = centerOf(SIZE);
    expect(await runAs(graph, { photos: photosOf([center, center]) })).toEqual(
      Float32Array.from([...expected(center), ...expected(center)]),
    );
  });
});
