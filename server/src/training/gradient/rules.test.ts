import { describe, expect, it } from 'vitest';
import { seededRandom, uniform } from '../../../../test/support/random.ts';
import { Layers } from '../../googlenet/layers.ts';
import { encodeModel, GraphBuilder } from '../../onnx/graph-builder.ts';
import { elementCount, type Shape, sizesOf, type Value } from '../../onnx/shape-inference.ts';
import { openSession, type Tensor } from '../../runtime/session.ts';
import { backward } from './backward.ts';
import type { DifferentiableOp } from './rule.ts';
import { gradientRules } from './rules.ts';

/** An example of an operator: the input shapes and the graph. */
interface Case {
  readonly shapes: readonly Shape[];
  readonly build: (graph: GraphBuilder, inputs: readonly Value[]) => Value;
  /** Returns the input values. By default they are between −1 and 1. */
  readonly numbers?: (count: number) => Float32Array;
}

const random = seededRandom(20);
/** Shuffled numbers at least 0.06 apart, so that no maximum moves when one of them changes by 0.01. */
const apart = (count: number) => {
  const order = Array.from({ length: count }, (_, index) => [random(), index] as const).toSorted(([a], [b]) => a - b);
  return Float32Array.from(order, ([, index]) => 0.06 * (index - count / 2) + 0.03);
};
const positive = (count: number) => uniform(random, count, 0.5).map((number) => number + 1);
const large = (count: number) => uniform(random, count, 200); // so that the scale of a normalization is far from 1

const window = (kernel: number, stride: number, pads: readonly number[]) => ({
  kernel_shape: [kernel, kernel],
  strides: [stride, stride],
  pads,
});
const conv = (x: Shape, filters: number, kernel: number, stride: number, pads: readonly number[]): Case => ({
  shapes: [x, [filters, x[1]!, kernel, kernel], [filters]],
  build: (graph, inputs) => graph.apply('Conv', inputs, window(kernel, stride, pads)),
});
const maxPool = (x: Shape, kernel: number, stride: number, pads: readonly number[]): Case => ({
  shapes: [x],
  numbers: apart,
  build: (graph, inputs) => graph.apply('MaxPool', inputs, window(kernel, stride, pads)),
});
const plain = (op: DifferentiableOp & Parameters<GraphBuilder['apply']>[0], ...shapes: Shape[]): Case => ({
  shapes,
  build: (graph, inputs) => graph.apply(op, inputs, op.includes('oftmax') || op === 'Concat' ? { axis: 1 } : {}),
});
const gemm = (a: Shape, b: Shape, transA: number, transB: number, ...bias: Shape[]): Case => ({
  shapes: [a, b, ...bias],
  build: (graph, inputs) => graph.apply('Gemm', inputs, { transA, transB }),
});

/** At least one example of every operator with a rule. An operator without an example doesn't compile. */
const cases: Record<DifferentiableOp, Readonly<Record<string, Case>>> = {
  Add: { same: plain('Add', [2, 3], [2, 3]), broadcast: plain('Add', [2, 3, 2], [3, 1]) },
  AveragePool: {
    'windows that cover the map': {
      shapes: [[2, 3, 8, 8]],
      build: (graph, inputs) => graph.apply('AveragePool', inputs, window(5, 3, [0, 0, 0, 0])),
    },
    'a remainder that no window covers': {
      shapes: [[1, 2, 7, 7]],
      build: (graph, inputs) => graph.apply('AveragePool', inputs, window(5, 3, [0, 0, 0, 0])),
    },
    'counted pads': {
      shapes: [[1, 2, 6, 7]],
      build: (graph, inputs) =>
        graph.apply('AveragePool', inputs, { ...window(3, 2, [1, 1, 1, 1]), count_include_pad: 1 }),
    },
  },
  Concat: { channels: plain('Concat', [2, 1, 2, 2], [2, 3, 2, 2], [2, 2, 2, 2]) },
  Conv: {
    '1×1': conv([2, 3, 5, 4], 4, 1, 1, [0, 0, 0, 0]),
    '3×3': conv([2, 3, 5, 4], 4, 3, 1, [1, 1, 1, 1]),
    '5×5': conv([2, 2, 6, 5], 3, 5, 1, [2, 2, 2, 2]),
    '7×7 with stride 2': conv([2, 1, 12, 11], 3, 7, 2, [3, 3, 3, 3]),
    '1×1 with stride 2': conv([2, 2, 5, 6], 3, 1, 2, [0, 0, 0, 0]),
    'uneven pads': conv([1, 2, 5, 5], 2, 3, 1, [0, 1, 2, 0]),
    '1×1 on a large map': conv([2, 2, 20, 21], 2, 1, 1, [0, 0, 0, 0]),
    '3×3 on a large map': conv([2, 1, 20, 21], 2, 3, 1, [1, 1, 1, 1]),
    'stride 2 on a large map': conv([1, 1, 41, 41], 2, 3, 2, [1, 1, 1, 1]),
  },
  Div: {
    same: { ...plain('Div', [2, 3], [2, 3]), numbers: positive },
    broadcast: { ...plain('Div', [2, 3], [1]), numbers: positive },
  },
  Exp: { numbers: plain('Exp', [2, 3]) },
  Flatten: { map: plain('Flatten', [2, 3, 2, 2]) },
  Gemm: {
    'a weight [out, in] and a bias': gemm([4, 3], [5, 3], 0, 1, [5]),
    'not transposed': gemm([4, 3], [3, 5], 0, 0),
    'the first transposed': gemm([3, 4], [3, 5], 1, 0),
    'both transposed': gemm([3, 4], [5, 3], 1, 1),
  },
  GlobalAveragePool: { map: plain('GlobalAveragePool', [2, 3, 3, 4]) },
  Identity: { numbers: plain('Identity', [2, 3]) },
  LocalResponseNorm: {
    'nine channels': {
      shapes: [[2, 9, 2, 3]],
      numbers: large,
      build: (graph, [x]) =>
        new Layers(graph, () => {
          throw new Error('it has no parameters');
        }).localResponseNorm(x!, 'norm'),
    },
  },
  LogSoftmax: { rows: plain('LogSoftmax', [3, 2]) },
  MatMul: { matrices: plain('MatMul', [2, 3], [3, 4]), 'many matrices': plain('MatMul', [2, 2, 3], [2, 3, 4]) },
  MaxPool: {
    'stride 2, beyond the edge': maxPool([2, 2, 8, 8], 3, 2, [0, 0, 1, 1]),
    'stride 2, within the map': maxPool([2, 2, 7, 7], 3, 2, [0, 0, 0, 0]),
    'overlapping, padded': maxPool([2, 3, 5, 4], 3, 1, [1, 1, 1, 1]),
  },
  Mul: {
    same: plain('Mul', [2, 3], [2, 3]),
    broadcast: plain('Mul', [2, 3, 2], [2, 1, 1]),
    'a value with itself': { shapes: [[2, 3]], build: (graph, [x]) => graph.apply('Mul', [x!, x!]) },
  },
  ReduceSum: {
    'all axes': {
      shapes: [[2, 3]],
      build: (graph, [x]) => graph.apply('ReduceSum', [x!, graph.ints([0, 1])], { keepdims: 0 }),
    },
    'the middle one': {
      shapes: [[2, 3, 2]],
      build: (graph, [x]) => graph.apply('ReduceSum', [x!, graph.ints([1])], { keepdims: 0 }),
    },
  },
  Relu: { numbers: { ...plain('Relu', [4, 5]), numbers: apart } },
  Reshape: {
    'another rank': { shapes: [[2, 6]], build: (graph, [x]) => graph.apply('Reshape', [x!, graph.ints([3, 2, 2])]) },
  },
  Softmax: { rows: plain('Softmax', [3, 4]) },
  Sqrt: { numbers: { ...plain('Sqrt', [2, 3]), numbers: positive } },
  Sub: { same: plain('Sub', [2, 3], [2, 3]), broadcast: plain('Sub', [3], [2, 3]) },
};

const listed = Object.keys(gradientRules).flatMap((op) =>
  Object.entries(cases[op as DifferentiableOp]).map(([name, use]) => [op, name, use] as const),
);

/** The h of the central difference (y(x + h) − y(x − h)) / 2h. */
const STEP = 1e-2;

describe('a gradient agrees with finite differences', () => {
  it.each(listed)('%s: %s', async (_op, _name, { shapes, build, numbers = (count) => uniform(random, count, 1) }) => {
    const graph = new GraphBuilder('gradient');
    const inputs = shapes.map((shape, index) => graph.input(`x${index}`, 'float32', shape));
    const y = build(graph, inputs);
    const dy = graph.input('dy', 'float32', y.shape);
    const gradients = backward(graph, [{ value: y, gradient: dy }], inputs);
    graph.output(y, 'y_out');
    for (const [index, gradient] of gradients.entries()) {
      expect(gradient.shape).toEqual(shapes[index]);
      graph.output(gradient, `gradient${index}`);
    }
    const session = await openSession({ model: encodeModel(graph.build()), device: 'cpu', threads: 1 });
    const given = shapes.map((shape) => numbers(elementCount(shape)));
    const weights = uniform(random, elementCount(y.shape), 1);
    const run = (changed: readonly Float32Array[]) => {
      const tensors = changed.map((data, index): [string, Tensor] => [
        `x${index}`,
        { data, shape: sizesOf(shapes[index]!) },
      ]);
      return session.run({ ...Object.fromEntries(tensors), dy: { data: weights, shape: sizesOf(y.shape) } });
    };
    const outputs = await run(given);
    for (const [index, data] of given.entries()) {
      const found = outputs[`gradient${index}`]!.data;
      const largest = Math.max(...found.map(Math.abs));
      const step = STEP * Math.max(1, ...data.map((number) => Math.abs(number) / 10));
      for (let element = 0; element < data.length; element += 1) {
        const moved = (by: number) =>
          given.map((other, position) => (position === index ? other.with(element, other[element]! + by) : other));
        const [after, before] = [(await run(moved(step))).y_out!.data, (await run(moved(-step))).y_out!.data];
        // Subtracts before summing, in double precision, so that unchanged values don't drown out the change.
        const change = weights.reduce((sum, weight, at) => sum + weight * (after[at]! - before[at]!), 0);
        expect(Math.abs(found[element]! - change / (2 * step)) / largest).toBeLessThan(2e-3);
      }
    }
    await session.close();
  });
});

describe('the backward pass', () => {
  const builder = () => {
    const graph = new GraphBuilder('walk');
    return { graph, x: graph.input('x', 'float32', [2, 2]), w: graph.input('w', 'float32', [2, 2]) };
  };

  it('adds no operations for gradients that nobody asked for', () => {
    const { graph, x, w } = builder();
    const y = graph.apply('Mul', [x, w]);
    const before = graph.build().nodes.length;
    backward(graph, [{ value: y, gradient: graph.input('dy', 'float32', [2, 2]) }], [w]);
    expect(
      graph
        .build()
        .nodes.slice(before)
        .map(({ op, inputs }) => [op, inputs[1]?.name]),
    ).toEqual([['Mul', 'x']]);
  });

  it('fails if a wanted value doesn’t reach the loss', () => {
    const { graph, x, w } = builder();
    const seed = { value: graph.apply('Relu', [x]), gradient: graph.input('dy', 'float32', [2, 2]) };
    expect(() => backward(graph, [seed], [w])).toThrow('no seed depends on w');
  });

  it('fails on an operator without a gradient, and says why', () => {
    const { graph, x } = builder();
    const y = graph.apply('Transpose', [x], { perm: [1, 0] }, 'turned');
    const seed = { value: y, gradient: graph.input('dy', 'float32', [2, 2]) };
    expect(() => backward(graph, [seed], [x])).toThrow('turned: Transpose has no gradient (only in gradients)');
  });
});
