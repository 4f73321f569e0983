import { describe, expect, it } from 'vitest';
import { openSession } from '../runtime/session.ts';
import { encodeModel, GraphBuilder } from './graph-builder.ts';
import { decodeModelProto } from './proto.ts';

describe('the graph builder', () => {
  const graph = () => new GraphBuilder('test');

  it.each<[string, (builder: GraphBuilder) => unknown, string]>([
    [
      'shapes that do not broadcast',
      (b) => b.apply('Add', [b.input('a', 'float32', [2, 3]), b.input('b', 'float32', [4])]),
      'do not broadcast',
    ],
    [
      'a constant with too few numbers',
      (b) => b.constant('c', 'float32', [2, 2], [1, 2, 3]),
      'c: 3 numbers for [2, 2]',
    ],
    ['a name used twice', (b) => [b.input('x', 'uint8', [1]), b.input('x', 'uint8', [1])], 'the name x is taken'],
    [
      'a weight for another number of channels',
      (b) =>
        b.apply('Conv', [b.input('x', 'float32', ['N', 3, 4, 4]), b.input('w', 'float32', [8, 1, 1, 1])], {
          kernel_shape: [1, 1],
          strides: [1, 1],
          pads: [0, 0, 0, 0],
        }),
      'Conv has 3 input channels, its weight takes 1',
    ],
    [
      'a reshape to a shape that is not constant',
      (b) => b.apply('Reshape', [b.input('x', 'float32', ['N', 4]), b.input('s', 'int64', [2])], {}, 'r'),
      'r: input 1 must be a constant',
    ],
  ])('refuses %s, with the reason', (_name, build, reason) => {
    expect(() => build(graph())).toThrow(reason);
  });

  it('writes a file that reads back as it was built, with ints and floats kept apart', () => {
    const builder = graph();
    const x = builder.input('x', 'float32', ['N', 4, 1, 1]);
    builder.output(builder.apply('LRN', [x], { size: 5, alpha: 1, beta: 0.75, bias: 1 }, 'norm'), 'y');
    const model = decodeModelProto(encodeModel(builder.build()));
    expect(model.opsetImport).toEqual([{ version: 17 }]); // the standard operators and no others
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

  it('keeps half constants within float16’s rounding', async () => {
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

  it('says so when a file is not an ONNX model', () => {
    expect(() => decodeModelProto(new Uint8Array([255, 255, 255]))).toThrow();
    expect(() => decodeModelProto(new Uint8Array())).toThrow('the file holds no ONNX graph');
  });
});
