import { describe, expect, it } from 'vitest';
import { seededRandom, uniform } from '../../../test/support/random.ts';
import { openSession } from '../runtime/session.ts';
import { encodeModel, type Graph, GraphBuilder } from './graph-builder.ts';
import { convolvedValues, quantizedGroups } from './quantization-groups.ts';
import { quantizeGraph } from './quantize-graph.ts';
import { quantizationParametersOf, quantizeBias, quantizeWeight, type Range } from './quantize-tensor.ts';
import { withObserved } from './with-observed.ts';

const random = seededRandom(7);
const [CHANNELS, SIDE] = [5, 9];

interface Filters {
  readonly filters: number;
  readonly kernel: number;
  readonly stride: number;
  readonly pad: number;
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

function filtersOf(channels: number, filters: number, kernel: number, stride: number, pad: number): Filters {
  const weight = uniform(random, filters * channels * kernel * kernel, 1);
  return { filters, kernel, stride, pad, weight, bias: uniform(random, filters, 2) };
}

/** Quantized values `[C, H, W]` of one photo. */
interface Quantized {
  readonly data: ArrayLike<number>;
  readonly channels: number;
  readonly side: number;
}

/** Convolves quantized values with naive integer loops. The ReLU is the lowest value of the output. */
function convolve(x: Quantized, layer: Filters, ranges: { input: Range; output: Range }): Quantized {
  const { filters, kernel, stride, pad, weight, bias } = layer;
  const [input, output] = [quantizationParametersOf(ranges.input), quantizationParametersOf(ranges.output)];
  const quantized = quantizeWeight(weight, x.channels, bias, { inputScale: input.scale });
  const biases = quantizeBias(bias, input.scale, quantized);
  const side = Math.floor((x.side + 2 * pad - kernel) / stride) + 1;
  const data: number[] = [];
  for (let filter = 0; filter < filters; filter += 1)
    for (let row = 0; row < side; row += 1)
      for (let column = 0; column < side; column += 1) {
        let sum = biases[filter]!;
        for (let channel = 0; channel < x.channels; channel += 1)
          for (let i = 0; i < kernel; i += 1)
            for (let j = 0; j < kernel; j += 1) {
              const [h, w] = [row * stride + i - pad, column * stride + j - pad];
              if (h < 0 || w < 0 || h >= x.side || w >= x.side) continue; // pads are the number 0
              const value = x.data[(channel * x.side + h) * x.side + w]! - input.zeroPoint;
              sum += value * quantized.values[((filter * x.channels + channel) * kernel + i) * kernel + j]!;
            }
        const factor = Math.fround(Math.fround(input.scale * quantized.scales[filter]!) / output.scale);
        const number = halfToEven(Math.fround(sum * factor)) + output.zeroPoint;
        data.push(Math.min(255, Math.max(0, number)));
      }
  return { data, channels: filters, side };
}

function halfToEven(number: number): number {
  const below = Math.floor(number);
  if (number - below !== 0.5) return Math.round(number);
  return below % 2 === 0 ? below : below + 1;
}

function maxPool({ data, channels, side }: Quantized): Quantized {
  const pooled: number[] = [];
  for (let channel = 0; channel < channels; channel += 1)
    for (let row = 0; row < side; row += 1)
      for (let column = 0; column < side; column += 1) {
        let most = 0;
        for (let h = Math.max(0, row - 1); h <= Math.min(side - 1, row + 1); h += 1)
          for (let w = Math.max(0, column - 1); w <= Math.min(side - 1, column + 1); w += 1)
            most = Math.max(most, data[(channel * side + h) * side + w]!);
        pooled.push(most);
      }
  return { data: pooled, channels, side };
}

const concat = (a: Quantized, b: Quantized): Quantized => ({
  data: [...Array.from(a.data), ...Array.from(b.data)],
  channels: a.channels + b.channels,
  side: a.side,
});

/** x → 3×3 → (1×1 | pooled → 1×1), concatenated → 5×5: everything that GoogLeNet's modules are made of. */
const LAYERS = {
  first: filtersOf(CHANNELS, 8, 3, 1, 1),
  left: filtersOf(8, 6, 1, 1, 0),
  right: filtersOf(8, 4, 1, 1, 0),
  last: filtersOf(10, 7, 5, 2, 2),
};

const RANGES = new Map<string, Range>([
  ['x', { low: -3, high: 4 }],
  ['first/relu', { low: 0, high: 20 }],
  ['joined', { low: 0, high: 40 }],
  ['last/relu', { low: 0, high: 300 }],
]);

function floatGraph() {
  const graph = new GraphBuilder('module');
  const conv = (x: ReturnType<GraphBuilder['input']>, name: keyof typeof LAYERS) => {
    const { filters, kernel, stride, pad, weight, bias } = LAYERS[name];
    const w = graph.constant(`${name}.weight`, 'float32', [filters, x.shape[1]!, kernel, kernel], weight);
    const b = graph.constant(`${name}.bias`, 'float32', [filters], bias);
    const window = { kernel_shape: [kernel, kernel], strides: [stride, stride], pads: [pad, pad, pad, pad] };
    return graph.apply('Relu', [graph.apply('Conv', [x, w, b], window, name)], {}, `${name}/relu`);
  };
  const first = conv(graph.input('x', 'float32', ['N', CHANNELS, SIDE, SIDE]), 'first');
  const window = { kernel_shape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1] };
  const right = conv(graph.apply('MaxPool', [first], window, 'pooled'), 'right');
  const joined = graph.apply('Concat', [conv(first, 'left'), right], { axis: 1 }, 'joined');
  graph.output(conv(joined, 'last'), 'y');
  return graph.build();
}

/** Channel means of one value, and zeros for every other input of a convolution. */
function meansWith(name: string, means: Float32Array): Map<string, Float32Array> {
  const zeros = convolvedValues(floatGraph()).map(({ name: other, shape }) => {
    return [other, new Float32Array(shape[1] as number)] as const;
  });
  return new Map([...zeros, [name, means]]);
}

/** Returns the output of the first layer. */
async function firstOf(graph: Graph, data: Float32Array): Promise<Float32Array> {
  const session = await openSession({ model: encodeModel(graph), device: 'cpu', threads: 1 });
  const found = await session.run({ x: { data, shape: [1, CHANNELS, SIDE, SIDE] } });
  await session.close();
  return found['first/relu/observed']!.data;
}

describe('a graph in int8', () => {
  const graph = floatGraph();

  it('needs one range for all values that a pooling or a concatenation ties together', () => {
    expect(quantizedGroups(graph).toSorted()).toEqual([...RANGES.keys()].toSorted());
  });

  it('computes exactly what naive integer loops compute', async () => {
    const observed = ['first/relu', 'pooled', 'joined', 'last/relu'];
    const model = encodeModel(quantizeGraph(graph, { ranges: RANGES, observed }));
    const x = uniform(random, CHANNELS * SIDE * SIDE, 5); // partly outside the range
    const session = await openSession({ model, device: 'cpu', threads: 1 });
    const found = await session.run({ x: { data: x, shape: [1, CHANNELS, SIDE, SIDE] } });
    await session.close();

    const range = (name: string) => RANGES.get(name)!;
    const { scale, zeroPoint } = quantizationParametersOf(range('x'));
    const quantize = (number: number) =>
      Math.min(255, Math.max(0, halfToEven(Math.fround(number / scale)) + zeroPoint));
    const input = { data: Array.from(x, quantize), channels: CHANNELS, side: SIDE };
    const first = convolve(input, LAYERS.first, { input: range('x'), output: range('first/relu') });
    const pooled = maxPool(first);
    const into = { input: range('first/relu'), output: range('joined') };
    const joined = concat(convolve(first, LAYERS.left, into), convolve(pooled, LAYERS.right, into));
    const last = convolve(joined, LAYERS.last, { input: range('joined'), output: range('last/relu') });
    const expected = { 'first/relu': first, pooled, joined, 'last/relu': last };
    for (const [name, { data }] of Object.entries(expected)) {
      const { scale: step } = quantizationParametersOf(range(name === 'pooled' ? 'first/relu' : name));
      const values = Array.from(found[`${name}/observed`]!.data, (number) => Math.round(number / step));
      expect(values, name).toEqual(Array.from(data));
    }
  });

  it.each([
    { channels: 4, how: 'in the kernel for multiples of four channels' },
    { channels: 3, how: 'in the general kernel' },
  ])('never saturates, whichever two weights of a filter are the largest: $how', async ({ channels }) => {
    const size = channels * 4;
    const pairs = Array.from({ length: size }, (_, first) =>
      Array.from({ length: first }, (_, second) => [first, second]),
    );
    const filters = pairs.flat().map((pair) => Array.from({ length: size }, (_, at) => (pair.includes(at) ? 1 : 0)));
    const builder = new GraphBuilder('pairs');
    const x = builder.input('x', 'float32', ['N', channels, 2, 2]);
    const weight = builder.constant('w', 'float32', [filters.length, channels, 2, 2], filters.flat());
    const bias = builder.constant('b', 'float32', [filters.length], new Float32Array(filters.length));
    const window = { kernel_shape: [2, 2], strides: [1, 1], pads: [0, 0, 0, 0] };
    builder.output(builder.apply('Relu', [builder.apply('Conv', [x, weight, bias], window, 'c')], {}, 'r'), 'y');
    const ranges = new Map([
      ['x', { low: 0, high: 1 }],
      ['r', { low: 0, high: 2 }],
    ]);
    const model = encodeModel(quantizeGraph(builder.build(), { ranges }));
    const session = await openSession({ model, device: 'cpu', threads: 1 });
    const { y } = await session.run({ x: { data: new Float32Array(size).fill(1), shape: [1, channels, 2, 2] } });
    await session.close();
    expect(y!.data).toHaveLength(filters.length);
    for (const number of y!.data) expect(number).toBeCloseTo(2, 2);
  });

  it('is close to the float graph', async () => {
    const x = { data: uniform(random, CHANNELS * SIDE * SIDE, 3), shape: [1, CHANNELS, SIDE, SIDE] };
    const run = async (model: Uint8Array) => {
      const session = await openSession({ model, device: 'cpu', threads: 1 });
      const { y } = await session.run({ x });
      await session.close();
      return y!.data;
    };
    const [float, int8] = [
      await run(encodeModel(graph)),
      await run(encodeModel(quantizeGraph(graph, { ranges: RANGES }))),
    ];
    const power = (numbers: Float32Array) => numbers.reduce((sum, number) => sum + number * number, 0);
    expect(power(float.map((number, index) => number - int8[index]!))).toBeLessThan(power(float) / 1000);
  });

  it('has the right mean output if the means of a convolution’s input are known', async () => {
    const means = uniform(random, CHANNELS, 3);
    const data = Float32Array.from({ length: CHANNELS * SIDE * SIDE }, (_, at) => means[Math.floor(at / SIDE ** 2)]!);
    const observed = ['first/relu'];
    const ranges = new Map([...RANGES, ['x', { low: -3, high: 3 }] as const]);
    const inner = async (options: { means?: Map<string, Float32Array> }) => {
      const int8 = quantizeGraph(graph, { ranges, observed, ...options, weightLimits: { single: 2, pair: 5 } });
      const apart: number[] = [];
      const [quantized, float] = [await firstOf(int8, data), await firstOf(withObserved(graph, observed), data)];
      for (let filter = 0; filter < LAYERS.first.filters; filter += 1) {
        const middle = (filter * SIDE + 4) * SIDE + 4; // far from the pads
        apart.push(Math.abs(quantized[middle]! - float[middle]!));
      }
      return Math.max(...apart);
    };
    const [shifted, rounded] = [await inner({ means: meansWith('x', means) }), await inner({})];
    expect(rounded).toBeGreaterThan(1); // weights have only two bits
    expect(shifted).toBeLessThan(0.15); // about one step of the input and one of the output
  });

  it('has no unused nodes', () => {
    const { nodes, outputs } = quantizeGraph(graph, { ranges: RANGES, kept: new Set(['first']) });
    const read = new Set([...nodes.flatMap(({ inputs }) => inputs), ...outputs].map(({ name }) => name));
    expect(nodes.filter((node) => !node.outputs.some(({ name }) => read.has(name)))).toEqual([]);
  });

  it('rejects a ReLU whose quantization parameters cover negative values, which would pass through it', () => {
    const ranges = new Map([...RANGES, ['joined', { low: -1, high: 40 }] as const]);
    expect(() => quantizeGraph(graph, { ranges })).toThrow('shares its quantization parameters with negative values');
  });

  it('leaves kept convolutions in float, and rejects a graph if a range is missing', () => {
    const kept = quantizeGraph(graph, { ranges: RANGES, kept: new Set(['first']) });
    expect(kept.nodes.filter(({ op }) => op === 'Conv').map(({ name }) => name)).toEqual(['first']);
    expect(kept.nodes.filter(({ op }) => op === 'QLinearConv')).toHaveLength(3);
    expect(() => quantizeGraph(graph, { ranges: new Map() })).toThrow('the range of x is missing');
  });
});
