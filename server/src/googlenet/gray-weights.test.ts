import { describe, expect, it } from 'vitest';
import { seededRandom, uniform } from '../../../test/support/random.ts';
import { encodeModel, GraphBuilder } from '../onnx/graph-builder.ts';
import { openSession } from '../runtime/session.ts';
import { grayLayer } from './gray-weights.ts';
import { Layers } from './layers.ts';
import type { Weights, WeightTensor } from './weights.ts';

const SIDE = 32;
const random = seededRandom(9);
const tensor = (shape: number[], bound: number): WeightTensor => ({
  shape,
  data: uniform(
    random,
    shape.reduce((product, size) => product * size, 1),
    bound,
  ),
});
const color: Weights = new Map([
  ['conv1/7x7_s2.weight', tensor([64, 3, 7, 7], 0.1)],
  ['conv1/7x7_s2.bias', tensor([64], 1)],
]);
const photo = Float32Array.from(uniform(random, SIDE * SIDE, 127.5), (level) => Math.round(level + 127.5));

/** Runs conv1 of a network on the photo, with the same levels in every channel. */
async function conv1(weights: Weights, means: readonly number[]): Promise<Float32Array> {
  const graph = new GraphBuilder('conv1');
  const layers = new Layers(graph, (name, shape) => graph.constant(name, 'float32', shape, weights.get(name)!.data));
  const x = graph.input('x', 'float32', ['N', means.length, SIDE, SIDE]);
  graph.output(layers.convRelu(x, 'conv1/7x7_s2', 64, { kernel: 7, stride: 2, pad: 3 }), 'y');
  const session = await openSession({ model: encodeModel(graph.build()), device: 'cpu', threads: 1 });
  const data = Float32Array.from(means.flatMap((mean) => [...photo.map((level) => level - mean)]));
  const { y } = await session.run({ x: { data, shape: [1, means.length, SIDE, SIDE] } });
  await session.close();
  return y!.data;
}

describe('a color network’s first layer, converted to gray', () => {
  it.each([
    ['Caffe’s means', [104, 117, 123], 115],
    ['a different gray mean', [104, 117, 123], 20],
  ])(
    'gives the same output as the color network for R = G = B wherever the kernel lies inside the photo: %s',
    async (_what, means, level) => {
      const layer = grayLayer(color, 'conv1/7x7_s2', means, level);
      const [inColor, inGray] = [await conv1(color, means), await conv1(layer, [level])];
      const side = SIDE / 2;
      const worst = { interior: 0, border: 0 };
      inColor.forEach((value, index) => {
        const [row, column] = [Math.floor(index / side) % side, index % side];
        // With stride 2 and pad 3, the kernel covers 2i − 3 to 2i + 3.
        const inside = [row, column].every((place) => 2 * place - 3 >= 0 && 2 * place + 3 < SIDE);
        const where = inside ? 'interior' : 'border';
        worst[where] = Math.max(worst[where], Math.abs(value - inGray[index]!));
      });
      expect(Math.max(...inColor)).toBeGreaterThan(10);
      expect(worst.interior).toBeLessThan(1e-3);
      // At the border, the padding is the color network's mean color. It isn't gray, so no gray network can match it.
      expect(worst.border).toBeGreaterThan(0.1);
    },
  );
});
