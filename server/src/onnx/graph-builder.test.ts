import { describe, expect, it } from 'vitest';
import { openSession } from '../runtime/session.ts';
import { encodeModel, GraphBuilder } from './graph-builder.ts';
import { decodeModelProto } from './proto.ts';

describe('the graph builder', () => {
  const graph = () => new GraphBuilder('test');

  it.each<[string, (builder: GraphBuilder) => unknown, string]>([
    [
      'shapes that can’t be broadcast',
      (b) => b.apply('Add', [b.input('a', 'float32', [2, 3]), b.input('b', 'float32', [4])]),
      'can’t be broadcast',
    ],
    [
      'a constant with too few numbers',
      (b) => b.constant('c', 'float32', [2, 2], [1, 2, 3]),
      'c has 3 numbers, but its shape is [2, 2]',
    ],
    [
      'a name used twice',
      (b) => [b.input('x', 'uint8', [1]), b.input('x', 'uint8', [1])],
      'the name x is already taken',
    ],
    [
      'a weight for a different number of channels',
      (b) =>
        b.apply('Conv', [b.input('x', 'float32', ['N', 3, 4, 4]), b.input('w', 'float32', [8, 1, 1, 1])], {
          kernel_shape: [1, 1],
          strides: [1, 1],
          pads: [0, 0, 0, 0],
        }),
      'Conv has 3 input channels, but its weight has 1',
    ],
    [
      'a reshape whose target shape is not a constant',
      (b) => b.apply('Reshape', [b.input('x', 'float32', ['N', 4]), b.input('s', 'int64', [2])], {}, 'r'),
      'r: input 1 must be a constant',
    ],
    [
      'a split whose sizes don’t add up',
      (b) => b.applyAll('Split', [b.input('x', 'float32', [5]), b.ints([2, 2])], { axis: 0 }),
      'Split can’t cut 5 into [2, 2]',
    ],
    [
      'a second output where the operator has only one',
      (b) => {
        b.apply('Relu', [b.input('x', 'float32', [1])], {}, 'relu');
        return b.secondOutput(b.build().nodes[0]!);
      },
      'relu: Relu has only one output',
    ],
  ])('rejects %s and says why', (_name, build, reason) => {
    expect(() => build(graph())).toThrow(reason);
  });

  it('writes a file that decodes to the same graph, with ints and floats kept apart', () => {
    const builder = graph();
    const x = builder.input('x', 'float32', ['N', 4, 1, 1]);
    builder.output(builder.apply('LRN', [x], { size: 5, alpha: 1, beta: 0.75, bias: 1 }, 'norm'), 'y');
    const model = decodeModelProto(encodeModel(builder.build()));
    expect(model.opsetImport).toEqual([{ version: 17 }]); // only the standard operators
    expect(model.graph.input[0]).toMatchObject({
      name: 'x',
      type: { tensorType: { shape: { dim: [{ dimParam: 'N' }, { dimValue: 4 }, { dimValue: 1 }, { dimValue: 1 }] } } },
    });
    expect(model.graph.node.map(({ opType, input, output }) => [opType, input, output])).toEqual([
      ['LRN', ['x'], ['norm']],
      ['Identity', ['norm'], ['y']],
    ]);
    expect(model.graph.node[0]?.attribute).toMatchObject([
      { name: 'size', type: 2, i: 5 },
      { name: 'alpha', type: 1, f: 1 },
      { name: 'beta', type: 1, f: 0.75 },
      { name: 'bias', type: 1, f: 1 },
    ]);
  });

  it('returns all outputs of an operator, and stores equal lists of numbers once', async () => {
    const builder = graph();
    const parts = builder.applyAll('Split', [builder.input('x', 'float32', [5]), builder.ints([2, 3])], { axis: 0 });
    expect(parts.map(({ shape }) => shape)).toEqual([[2], [3]]);
    expect(builder.ints([2, 3])).toBe(builder.ints([2, 3]));
    for (const [index, part] of parts.entries()) builder.output(part, `part${index}`);
    const session = await openSession({ model: encodeModel(builder.build()), device: 'cpu', threads: 1 });
    const { part0, part1 } = await session.run({ x: { data: Float32Array.of(1, 2, 3, 4, 5), shape: [5] } });
    expect([[...part0!.data], [...part1!.data]]).toEqual([
      [1, 2],
      [3, 4, 5],
    ]);
  });

  it('adds a second output to an existing node', async () => {
    const builder = graph();
    const window = { kernel_shape: [1, 2], strides: [1, 2], pads: [0, 0, 0, 0] };
    builder.output(builder.apply('MaxPool', [builder.input('x', 'float32', [1, 1, 1, 4])], window), 'y');
    const indices = builder.secondOutput(builder.build().nodes[0]!);
    expect(indices).toMatchObject({ dtype: 'int64', shape: [1, 1, 1, 2] });
    builder.output(builder.apply('Cast', [indices], { to: 1 }), 'places');
    const session = await openSession({ model: encodeModel(builder.build()), device: 'cpu', threads: 1 });
    const { places } = await session.run({ x: { data: Float32Array.of(1, 9, 8, 2), shape: [1, 1, 1, 4] } });
    expect([...places!.data]).toEqual([1, 2]);
  });

  it('runs a loop whose body has a name prefix', async () => {
    const [builder, body] = [graph(), new GraphBuilder('body', 'body/')];
    const condition = [body.input('iteration', 'int64', []), body.input('condition', 'bool', [])][1]!;
    const doubled = body.apply('Add', [body.input('x', 'float32', [1]), body.scalar(0)]);
    const next = body.apply('Add', [doubled, doubled]);
    for (const [value, name] of [
      [condition, 'continues'],
      [next, 'next'],
      [doubled, 'seen'],
    ] as const)
      body.output(value, name);
    const control = [builder.constant('trips', 'int64', [], [3]), builder.constant('always', 'bool', [], [1])];
    const x = builder.input('x', 'float32', [1]);
    const [last, seen] = builder.applyAll('Loop', [...control, x], { body: body.build() });
    expect(seen?.shape).toEqual([3, 1]);
    builder.output(last!, 'last');
    builder.output(seen!, 'all');
    const session = await openSession({ model: encodeModel(builder.build()), device: 'cpu', threads: 1 });
    const outputs = await session.run({ x: { data: Float32Array.of(5), shape: [1] } });
    expect([...outputs.last!.data, ...outputs.all!.data]).toEqual([40, 5, 10, 20]);
  });

  it('moves out of a loop what depends on nothing in it', async () => {
    const builder = graph();
    const w = builder.input('w', 'float32', [1]);
    const body = new GraphBuilder('body', 'body/', builder);
    body.input('iteration', 'int64', []);
    const condition = body.input('condition', 'bool', []);
    const sum = body.input('sum', 'float32', [1]);
    const doubled = body.apply('Mul', [w, body.scalar(2)]);
    const next = body.apply('Add', [sum, body.apply('Mul', [doubled, w])]);
    body.output(condition, 'continues');
    body.output(next, 'next');
    expect(body.build().nodes.map(({ op }) => op)).toEqual(['Add', 'Identity', 'Identity']);
    expect(builder.build().nodes.map(({ op }) => op)).toEqual(['Mul', 'Mul']);
    const control = [builder.constant('trips', 'int64', [], [3]), builder.constant('always', 'bool', [], [1])];
    const start = builder.input('start', 'float32', [1]);
    builder.output(builder.apply('Loop', [...control, start], { body: body.build() }), 'last');
    const session = await openSession({ model: encodeModel(builder.build()), device: 'cpu', threads: 1 });
    const one = (number: number) => ({ data: Float32Array.of(number), shape: [1] });
    const { last } = await session.run({ w: one(5), start: one(1) });
    expect([...last!.data]).toEqual([1 + 3 * (2 * 5 * 5)]);
  });

  it('stores half constants with float16 precision', async () => {
    const builder = graph();
    const numbers = [1, 1 / 3, 65504, 6e-8, -0.1];
    builder.output(
      builder.apply('Add', [builder.input('x', 'float32', [5]), builder.halfConstant('w', [5], numbers)]),
      'y',
    );
    const session = await openSession({ model: encodeModel(builder.build()), device: 'cpu', threads: 1 });
    const { y } = await session.run({ x: { data: new Float32Array(5), shape: [5] } });
    expect(y?.data).toEqual(Float32Array.from(numbers, Math.f16round));
  });

  it('rejects a file that is not an ONNX model', () => {
    expect(() => decodeModelProto(new Uint8Array([255, 255, 255]))).toThrow();
    expect(() => decodeModelProto(new Uint8Array())).toThrow('the file has no ONNX graph');
  });
});
