import { describe, expect, it } from 'vitest';
import { seededRandom, uniform } from '../../../test/support/random.ts';
import { encodeModel, GraphBuilder } from '../onnx/graph-builder.ts';
import { elementCount, type Shape, sizesOf, type Value } from '../onnx/shape-inference.ts';
import { openSession } from '../runtime/session.ts';
import { Layers, type LrnForm } from './layers.ts';

// Every layer's oracle is its definition in naive loops.

interface Map4 {
  shape: readonly [number, number, number, number];
  data: Float32Array;
}

const random = seededRandom(7);
const randomMap = (...shape: [number, number, number, number]): Map4 => ({
  shape,
  data: uniform(random, elementCount(shape), 2),
});

/** Returns the element at a position, or `outside` if the position is off the map. */
function at({ shape: [, C, H, W], data }: Map4, n: number, c: number, h: number, w: number, outside = 0): number {
  if (c < 0 || c >= C || h < 0 || h >= H || w < 0 || w >= W) return outside;
  return data[((n * C + c) * H + h) * W + w]!;
}

/** Fills a map element by element. */
function fill(shape: Map4['shape'], element: (n: number, c: number, h: number, w: number) => number): Map4 {
  const [N, C, H, W] = shape;
  const data: number[] = [];
  for (let n = 0; n < N; n += 1)
    for (let c = 0; c < C; c += 1)
      for (let h = 0; h < H; h += 1) for (let w = 0; w < W; w += 1) data.push(element(n, c, h, w));
  return { shape, data: Float32Array.from(data) };
}

/** Runs one layer on one map through ONNX Runtime. */
async function runLayer(
  x: Map4,
  layer: (layers: Layers, x: Value) => Value,
  { parameters = {}, lrnForm = 'band' }: { parameters?: Record<string, Float32Array>; lrnForm?: LrnForm } = {},
): Promise<Map4> {
  const graph = new GraphBuilder('layer');
  const source = (name: string, shape: Shape) => graph.constant(name, 'float32', shape, parameters[name] ?? []);
  const input = graph.input('x', 'float32', ['N', ...x.shape.slice(1)]);
  const y = layer(new Layers(graph, source, lrnForm), input);
  graph.output(y, 'y');
  const session = await openSession({ model: encodeModel(graph.build()), device: 'cpu', threads: 1 });
  const output = (await session.run({ x })).y!;
  await session.close();
  expect(output.shape.slice(1)).toEqual(sizesOf(y.shape.slice(1)));
  return { shape: output.shape as Map4['shape'], data: output.data };
}

function expectClose(found: Map4, expected: Map4, tolerance: number): void {
  expect(found.shape).toEqual(expected.shape);
  const worst = Math.max(...found.data.map((value, index) => Math.abs(value - expected.data[index]!)));
  expect(worst).toBeLessThan(tolerance);
}

describe('a layer computes its definition', () => {
  it.each([
    { kernel: 1, stride: 1, pad: 0 },
    { kernel: 3, stride: 1, pad: 1 },
    { kernel: 5, stride: 1, pad: 2 },
    { kernel: 7, stride: 2, pad: 3 },
  ])('convolution, bias and ReLU %o', async ({ kernel, stride, pad }) => {
    const x = randomMap(2, 3, 11, 9);
    const weight = randomMap(4, 3, kernel, kernel);
    const bias = uniform(random, 4, 1);
    const size = (side: number) => Math.floor((side + 2 * pad - kernel) / stride) + 1;
    const expected = fill([2, 4, size(11), size(9)], (n, filter, h, w) => {
      let sum = bias[filter]!;
      for (let c = 0; c < 3; c += 1)
        for (let i = 0; i < kernel; i += 1)
          for (let j = 0; j < kernel; j += 1)
            sum += at(x, n, c, h * stride - pad + i, w * stride - pad + j) * at(weight, filter, c, i, j);
      return Math.max(0, sum);
    });
    const found = await runLayer(x, (layers, value) => layers.convRelu(value, 'conv', 4, { kernel, stride, pad }), {
      parameters: { 'conv.weight': weight.data, 'conv.bias': bias },
    });
    expectClose(found, expected, 1e-4);
  });

  it.each([
    { size: 112, stride: 2, pad: 0, pooled: 56 }, // overhangs by one
    { size: 7, stride: 2, pad: 0, pooled: 3 }, // fits exactly
    { size: 8, stride: 2, pad: 0, pooled: 4 },
    { size: 7, stride: 1, pad: 1, pooled: 7 },
    { size: 6, stride: 2, pad: 1, pooled: 4 }, // overhangs, but the last window begins inside
    { size: 4, stride: 3, pad: 1, pooled: 2 }, // a third window would begin off the map, so Caffe drops it
  ])('max pooling with 3×3 windows and Caffe’s output sizes %o', async ({ size, stride, pad, pooled }) => {
    const x = randomMap(1, 2, size, size);
    const expected = fill([1, 2, pooled, pooled], (n, c, h, w) => {
      let largest = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < 3; i += 1)
        for (let j = 0; j < 3; j += 1) {
          largest = Math.max(
            largest,
            at(x, n, c, h * stride - pad + i, w * stride - pad + j, Number.NEGATIVE_INFINITY),
          );
        }
      return largest;
    });
    expectClose(
      await runLayer(x, (layers, value) => layers.maxPool(value, 'pool', { kernel: 3, stride, pad })),
      expected,
      1e-7,
    );
  });

  it.each(['band', 'op', 'channelsLast'] as const)('local response normalization in the %s form', async (lrnForm) => {
    const x = randomMap(2, 9, 3, 4);
    x.data.forEach((value, index) => {
      x.data[index] = value * 200; // large enough that the scale is far from 1
    });
    const expected = fill(x.shape, (n, c, h, w) => {
      let squares = 0;
      for (let j = c - 2; j <= c + 2; j += 1) squares += at(x, n, j, h, w) ** 2;
      return at(x, n, c, h, w) / (1 + (1e-4 / 5) * squares) ** 0.75;
    });
    expectClose(
      await runLayer(x, (layers, value) => layers.localResponseNorm(value, 'lrn'), { lrnForm }),
      expected,
      1e-3,
    );
  });

  it('concatenation along the channels', async () => {
    const x = randomMap(2, 3, 2, 2);
    const found = await runLayer(x, ({ graph }, value) =>
      graph.apply('Concat', [value, graph.apply('Add', [value, value])], { axis: 1 }),
    );
    const expected = fill([2, 6, 2, 2], (n, c, h, w) => at(x, n, c % 3, h, w) * (c < 3 ? 1 : 2));
    expectClose(found, expected, 1e-7);
  });
});
