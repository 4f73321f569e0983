import { ATTRIBUTE_TYPES, DATA_TYPES, type ModelProto, type NodeProto } from '@swipenet/server/onnx/proto.ts';
import { type Form, int, ints, node, nodesOf } from './foreign-googlenet.ts';

// How PyTorch (1.13, opsets 9 to 17) and tf2onnx (1.16, opsets 13 and 18) write a GoogLeNet. Both were run to see it.

const shapes = (name: string, numbers: readonly number[]) => ({
  name,
  dims: [numbers.length],
  dataType: DATA_TYPES.int64,
  int64Data: [...numbers],
});
const scalar = (name: string, number: number) => ({
  name,
  dims: [],
  dataType: DATA_TYPES.float32,
  floatData: [number],
});

/** Replaces a node by others, which read its input and end in its output. */
function replaced(model: ModelProto, old: NodeProto, nodes: readonly NodeProto[]): void {
  model.graph.node.splice(model.graph.node.indexOf(old), 1, ...nodes);
}

/** Replaces both normalizations. The maps behind them have 56 × 56 places. */
const normalizations =
  (write: (x: string, y: string, channels: number, model: ModelProto) => NodeProto[]): Form =>
  (model) => {
    const channels = [4, 12]; // of a network that is 1/16 as wide
    for (const [index, old] of nodesOf(model, 'LRN').entries()) {
      replaced(model, old, write(old.input[0]!, old.output[0]!, channels[index]!, model));
    }
  };

/** The end of every form: `x / (1 + alpha · means)^0.75`. */
function quotient(x: string, y: string, means: string, alpha: number, model: ModelProto): NodeProto[] {
  const constants = { alpha, one: 1, beta: 0.75 };
  for (const [name, number] of Object.entries(constants)) model.graph.initializer.push(scalar(`${y}/${name}`, number));
  return [
    node('Mul', [means, `${y}/alpha`], `${y}/weighed`),
    node('Add', [`${y}/weighed`, `${y}/one`], `${y}/scale`),
    node('Pow', [`${y}/scale`, `${y}/beta`], `${y}/power`),
    node('Div', [x, `${y}/power`], y),
  ];
}

const pool = (name: string, output: string, pads: number[]) =>
  node('AveragePool', [name], output, [
    ints('kernel_shape', [5, 1, 1]),
    ints('strides', [1, 1, 1]),
    ints('pads', pads),
    int('count_include_pad', 1),
  ]);

/** A normalization of eight nodes: the means over five channels are an average pooling over three axes. */
export const eightNodeNormalization: Form = normalizations((x, y, channels, model) => {
  model.graph.initializer.push(
    shapes(`${y}/five`, [0, 1, channels, 56, 56]),
    shapes(`${y}/four`, [0, channels, 56, 56]),
  );
  return [
    node('Mul', [x, x], `${y}/squares`),
    node('Reshape', [`${y}/squares`, `${y}/five`], `${y}/rows`),
    pool(`${y}/rows`, `${y}/pooled`, [2, 0, 0, 2, 0, 0]),
    node('Reshape', [`${y}/pooled`, `${y}/four`], `${y}/means`),
    ...quotient(x, y, `${y}/means`, 1e-4, model),
  ];
});

/** The same with another alpha: no normalization of GoogLeNet. */
export const otherNormalization: Form = (model) => {
  eightNodeNormalization(model);
  for (const { name, floatData } of model.graph.initializer)
    if (name.endsWith('/alpha')) (floatData as number[])[0] = 2e-4;
};

/**
 * PyTorch's normalization for a batch of any size. Sizes and pads are computed, and an `If` asks whether the axis to
 * remove has the size 1.
 */
export const torchNormalization: Form = normalizations((x, y, _channels, model) => {
  const name = (part: string) => `${y}/${part}`;
  const lists = {
    first: [0],
    single: [1],
    rest: [-1],
    four: [4],
    two: [-1, 2],
    end: [-(2 ** 40)],
    widths: [0, 0, 0, 0, 2, 2],
  };
  for (const [part, numbers] of Object.entries(lists)) model.graph.initializer.push(shapes(name(part), numbers));
  const sizes = [0, 1, 2].flatMap((axis) => {
    model.graph.initializer.push({ ...shapes(name(`axis${axis}`), [axis]), dims: [] });
    return [
      node('Shape', [x], name(`shape${axis}`)),
      node('Gather', [name(`shape${axis}`), name(`axis${axis}`)], name(`size${axis}`)),
      node('Unsqueeze', [name(`size${axis}`), name('first')], name(`sizes${axis}`)),
    ];
  });
  const branch = (output: string, op: string, more: string[]) => ({
    name: output,
    node: [node(op, [name('pooled'), ...more], output)],
    initializer: [],
    input: [],
    output: [{ name: output, type: { tensorType: { elemType: DATA_TYPES.float32, shape: { dim: [] } } } }],
  });
  const graph = (key: string, g: ReturnType<typeof branch>) => ({ name: key, type: ATTRIBUTE_TYPES.graph, g });
  const along = (axis: number) => [int('axis', axis)];
  const target = [name('sizes0'), name('single'), name('sizes1'), name('sizes2'), name('rest')];
  return [
    node('Mul', [x, x], name('squares')),
    ...sizes,
    node('Concat', target, name('target'), along(0)),
    node('Reshape', [name('squares'), name('target')], name('rows')),
    node('ConstantOfShape', [name('four')], name('zeros'), [
      { name: 'value', type: ATTRIBUTE_TYPES.tensor, t: shapes('', [0]) },
    ]),
    node('Concat', [name('widths'), name('zeros')], name('pairs'), along(0)),
    node('Reshape', [name('pairs'), name('two')], name('table')),
    node('Slice', [name('table'), name('rest'), name('end'), name('first'), name('rest')], name('turned')),
    node('Transpose', [name('turned')], name('columns'), [ints('perm', [1, 0])]),
    node('Reshape', [name('columns'), name('rest')], name('list')),
    node('Cast', [name('list')], name('pads'), [int('to', DATA_TYPES.int64)]),
    node('Pad', [name('rows'), name('pads'), ''], name('padded')),
    pool(name('padded'), name('pooled'), [0, 0, 0, 0, 0, 0]),
    node('Shape', [name('pooled')], name('pooledShape')),
    node('Gather', [name('pooledShape'), name('axis1')], name('removed')),
    node('Equal', [name('removed'), name('axis1')], name('isOne')),
    node('If', [name('isOne')], name('flat'), [
      graph('then_branch', branch(name('then'), 'Squeeze', [name('single')])),
      graph('else_branch', branch(name('else'), 'Identity', [])),
    ]),
    node('Shape', [x], name('whole')),
    node('Reshape', [name('flat'), name('whole')], name('means')),
    ...quotient(x, y, name('means'), 1e-4, model),
  ];
});

/** A normalization in TensorFlow, with channels last: five slices of the padded squares are added up. */
export const sliceNormalization: Form = normalizations((x, y, channels, model) => {
  const name = (part: string | number) => `${y}/${part}`;
  model.graph.initializer.push(shapes(name('pads'), [0, 2, 0, 0, 0, 2, 0, 0]), shapes(name('axes'), [0, 2, 3, 1]));
  const slices = [4, 3, 2, 1, 0].flatMap((begin) => {
    model.graph.initializer.push(
      shapes(name(`from${begin}`), [0, 0, 0, begin]),
      shapes(name(`to${begin}`), [2 ** 31 - 1, 2 ** 31 - 1, 2 ** 31 - 1, begin + channels]),
    );
    return [
      node('Slice', [name('padded'), name(`from${begin}`), name(`to${begin}`), name('axes')], name(`slice${begin}`)),
    ];
  });
  const sums = [1, 2, 3, 4].map((index) =>
    node('Add', [index === 1 ? name('slice0') : name(`sum${index - 1}`), name(`slice${index}`)], name(`sum${index}`)),
  );
  return [
    node('Mul', [x, x], name('squares')),
    node('Pad', [name('squares'), name('pads')], name('padded')),
    ...slices,
    ...sums,
    node('Transpose', [name('sum4')], name('last'), [ints('perm', [0, 2, 3, 1])]),
    node('Transpose', [x], name('xLast'), [ints('perm', [0, 2, 3, 1])]),
    ...quotient(name('xLast'), name('yLast'), name('last'), 2e-5, model),
    node('Transpose', [name('yLast')], y, [ints('perm', [0, 3, 1, 2])]),
  ];
});

/** The mean over the map as `ReduceMean`, which leaves nothing to flatten if it doesn't keep the two axes. */
export const reduceMean =
  (keepdims: 0 | 1, axes = [2, 3]): Form =>
  (model) => {
    const mean = nodesOf(model, 'GlobalAveragePool')[0]!;
    Object.assign(mean, { opType: 'ReduceMean', attribute: [ints('axes', axes), int('keepdims', keepdims)] });
    if (keepdims === 1) return;
    const flatten = nodesOf(model, 'Flatten')[0]!;
    mean.output = flatten.output;
    replaced(model, flatten, []);
  };

/** The same with channels last, as tf2onnx writes it. */
export const channelsLastMean: Form = (model) => {
  reduceMean(0, [1, 2])(model);
  const mean = nodesOf(model, 'ReduceMean')[0]!;
  const [map] = mean.input as [string];
  model.graph.node.splice(
    model.graph.node.indexOf(mean),
    0,
    node('Transpose', [map], 'mapLast', [ints('perm', [0, 2, 3, 1])]),
  );
  mean.input = ['mapLast'];
};

/** Photos with channels last, moved to the front by the first node. */
export const channelsLastPhotos: Form = (model) => {
  const [photos] = model.graph.input as [ModelProto['graph']['input'][number]];
  const { dim } = photos.type.tensorType.shape;
  const first = nodesOf(model, 'Conv')[0]!;
  const channels = dim[1]!.dimValue!;
  photos.type.tensorType.shape.dim = [dim[0]!, dim[2]!, dim[3]!, dim[1]!];
  first.input[0] = 'moved';
  model.graph.initializer.push(shapes('moved/shape', [-1, channels, 224, 224]));
  const move =
    channels === 1
      ? node('Reshape', [photos.name, 'moved/shape'], 'moved')
      : node('Transpose', [photos.name], 'moved', [ints('perm', [0, 3, 1, 2])]);
  model.graph.node.unshift(move);
};

/** `Conv` without a bias, followed by an `Add` of the bias as `[1, filters, 1, 1]`. */
export const addedBias: Form = (model) => {
  for (const conv of nodesOf(model, 'Conv')) {
    const [x, weight, bias] = conv.input as [string, string, string];
    const [output] = conv.output as [string];
    const tensor = model.graph.initializer.find(({ name }) => name === bias)!;
    tensor.dims = [1, tensor.dims[0]!, 1, 1];
    replaced(model, conv, [
      { ...conv, input: [x, weight], output: [`${output}/product`] },
      node('Add', [`${output}/product`, bias], output),
    ]);
  }
};

/** Caffe2's classifier: its weight has four sizes in the file, and a `Reshape` makes it a matrix. */
export const reshapedClassifier: Form = (model) => {
  const gemm = nodesOf(model, 'Gemm')[0]!;
  const weight = model.graph.initializer.find(({ name }) => name === gemm.input[1])!;
  const [outputs, inputs] = weight.dims as [number, number];
  weight.dims = [1, 1, outputs, inputs];
  model.graph.initializer.push(shapes('matrix', [outputs, inputs]));
  model.graph.node.unshift(node('Reshape', [weight.name, 'matrix'], 'weightMatrix'));
  gemm.input[1] = 'weightMatrix';
};

/** Every tensor with four sizes, as in Caffe before 2015. ONNX Runtime rejects such biases. */
export const fourSizes: Form = ({ graph }) => {
  for (const tensor of graph.initializer) tensor.dims = [...Array(4 - tensor.dims.length).fill(1), ...tensor.dims];
};
