import { Layers } from '@swipenet/server/googlenet/layers.ts';
import { googLeNetClassifier, googLeNetFeatures } from '@swipenet/server/googlenet/network.ts';
import type { WeightTensor } from '@swipenet/server/googlenet/weights.ts';
import { encodeModel, GraphBuilder } from '@swipenet/server/onnx/graph-builder.ts';
import {
  ATTRIBUTE_TYPES,
  DATA_TYPES,
  decodeModelProto,
  encodeModelProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
} from '@swipenet/server/onnx/proto.ts';
import { elementCount, sizesOf } from '@swipenet/server/onnx/shape-inference.ts';
import { seededRandom, uniform } from './random.ts';

/** Rewrites a model file without changing what it computes. */
export type Form = (model: ModelProto) => void;

/**
 * The share of the paper's filters that these files have, for speed. It also makes many branches of a module look
 * alike.
 */
export const NARROW = 1 / 16;

/**
 * Creates an ONNX file of a GoogLeNet with random weights (float32 photos to confidences), rewritten in the given
 * forms.
 */
export function foreignGoogLeNet(
  { channels, classes }: { channels: 1 | 3; classes: number },
  ...forms: readonly Form[]
): { bytes: Uint8Array; weights: Map<string, WeightTensor> } {
  const random = seededRandom(channels + classes);
  const weights = new Map<string, WeightTensor>();
  const graph = new GraphBuilder('foreign');
  const layers = new Layers(
    graph,
    (name, shape) => {
      const count = elementCount(shape);
      const gain = name.startsWith('conv1') ? 6 / 64 ** 2 : 6;
      const data = uniform(random, count, Math.sqrt((gain / count) * sizesOf(shape)[0]!));
      weights.set(name, { shape: sizesOf(shape), data });
      return graph.constant(name, 'float32', shape, data);
    },
    'op',
  );
  const photos = graph.input('photos', 'float32', ['N', channels, 224, 224]);
  const { logits } = googLeNetClassifier(layers, googLeNetFeatures(layers, photos, { width: NARROW }), classes);
  graph.output(graph.apply('Softmax', [logits], { axis: 1 }, 'prob'), 'confidence');
  return { bytes: rewritten(encodeModel(graph.build()), ...forms), weights };
}

/** Applies forms to a model file. */
export function rewritten(bytes: Uint8Array, ...forms: readonly Form[]): Uint8Array {
  const model = decodeModelProto(bytes);
  for (const form of forms) form(model);
  return encodeModelProto(model);
}

export const ints = (name: string, numbers: number[]) => ({ name, type: ATTRIBUTE_TYPES.ints, ints: numbers });
export const int = (name: string, i: number) => ({ name, type: ATTRIBUTE_TYPES.int, i });
export const nodesOf = ({ graph }: ModelProto, op: string) => graph.node.filter(({ opType }) => opType === op);
export const node = (
  opType: string,
  input: string[],
  output: string,
  attribute: NodeProto['attribute'] = [],
): NodeProto => ({
  name: '',
  opType,
  input,
  output: [output],
  attribute,
});

/** Replaces an attribute in every node of an operator. */
export const withAttribute =
  (op: string, name: string, change: (before: number[]) => number[] | number): Form =>
  (model) => {
    for (const found of nodesOf(model, op)) {
      const before = found.attribute.find((one) => one.name === name)?.ints ?? [];
      const value = change([...before]);
      const kept = found.attribute.filter((one) => one.name !== name);
      found.attribute = [...kept, typeof value === 'number' ? int(name, value) : ints(name, value)];
    }
  };

/** Caffe's last pooling windows hang over the edge. This form expresses that with `ceil_mode` (opset 10 and later). */
export const ceilMode: Form = (model) => {
  withAttribute('MaxPool', 'pads', ([top = 0, left = 0]) => [top, left, top, left])(model);
  withAttribute('MaxPool', 'ceil_mode', () => 1)(model);
};

/** Expresses the same with more end padding than needed, like the exporter of the ONNX model zoo. */
export const generousPads: Form = (model) => {
  for (const pool of nodesOf(model, 'MaxPool')) {
    const pads = pool.attribute.find(({ name }) => name === 'pads')!;
    if (pads.ints![2] === 1 && pads.ints![0] === 0) pads.ints = [0, 0, 2, 2];
  }
};

/**
 * Replaces the mean over the map by a 7 × 7 `AveragePool`, followed by a `Dropout` and a `Reshape`, as Caffe's
 * exporters do.
 */
export const caffeEnd: Form = (model) => {
  for (const pool of nodesOf(model, 'GlobalAveragePool')) {
    pool.opType = 'AveragePool';
    pool.attribute = [ints('kernel_shape', [7, 7]), ints('strides', [1, 1])];
  }
  const flatten = nodesOf(model, 'Flatten')[0]!;
  const [pooled] = flatten.input;
  model.graph.initializer.push({ name: 'rows', dims: [2], dataType: DATA_TYPES.int64, int64Data: [0, -1] });
  const place = model.graph.node.indexOf(flatten);
  model.graph.node.splice(place, 0, node('Dropout', [pooled!], 'dropped'));
  Object.assign(flatten, { opType: 'Reshape', input: ['dropped', 'rows'], attribute: [] });
};

/** Opset 7 and IR 3, which list every initializer as an input as well. */
export const oldVersion: Form = (model) => {
  model.irVersion = 3;
  model.opsetImport = [{ version: 7 }];
  for (const { name, dims, dataType } of model.graph.initializer) {
    const dim = dims.map((dimValue) => ({ dimValue }));
    model.graph.input.unshift({ name, type: { tensorType: { elemType: dataType, shape: { dim } } } });
  }
};

/** `MatMul` and `Add` instead of `Gemm`, with a separate `Transpose` of the weight. */
export const matMul: Form = (model) => {
  const gemm = nodesOf(model, 'Gemm')[0]!;
  const [x, weight, bias] = gemm.input as [string, string, string];
  const place = model.graph.node.indexOf(gemm);
  model.graph.node.splice(
    place,
    1,
    node('Transpose', [weight], 'turned', [ints('perm', [1, 0])]),
    node('MatMul', [x, 'turned'], 'product'),
    node('Add', [bias, 'product'], gemm.output[0]!),
  );
};

/** Weights as lists of floats instead of raw bytes. */
export const floatLists: Form = ({ graph }) => {
  for (const tensor of graph.initializer) {
    if (tensor.dataType !== DATA_TYPES.float32) continue;
    tensor.floatData = [...new Float32Array(new Uint8Array(tensor.rawData!).buffer)];
    delete tensor.rawData;
  }
};

/** Weights as `Constant` nodes. */
export const constantNodes: Form = ({ graph }) => {
  const constants = graph.initializer.map((tensor) =>
    node('Constant', [], tensor.name, [{ name: 'value', type: ATTRIBUTE_TYPES.tensor, t: { ...tensor, name: '' } }]),
  );
  graph.node.unshift(...constants);
  graph.initializer = [];
};

/** Weights as float16, each followed by a `Cast`. The second tensor uses the other of the two encodings. */
export const halves: Form = ({ graph }) => {
  const casts = graph.initializer.map((tensor, index) => {
    const { name } = tensor;
    const half = Float16Array.from(new Float32Array(new Uint8Array(tensor.rawData!).buffer));
    const bits = new Uint16Array(half.buffer);
    Object.assign(tensor, { name: `${name}.half`, dataType: DATA_TYPES.float16, rawData: new Uint8Array(half.buffer) });
    if (index === 1) Object.assign(tensor, { rawData: undefined, int32Data: [...bits] });
    return node('Cast', [`${name}.half`], name, [int('to', DATA_TYPES.float32)]);
  });
  graph.node.unshift(...casts);
};

/** Follows every node with an `Identity`. */
export const identities: Form = ({ graph }) => {
  graph.node = graph.node.flatMap((one) => {
    const [output] = one.output as [string];
    return [{ ...one, output: [`${output}/before`] }, node('Identity', [`${output}/before`], output)];
  });
};

/** Renames every value and shuffles the nodes, keeping each after its inputs. */
export const shuffled =
  (seed: number): Form =>
  ({ graph }) => {
    const random = seededRandom(seed);
    const names = new Map<string, string>([['', '']]);
    const renamed = (name: string) => {
      if (!names.has(name)) names.set(name, `v${Math.floor(random() * 1e9)}_${names.size}`);
      return names.get(name)!;
    };
    for (const value of [...graph.initializer, ...graph.input, ...graph.output]) value.name = renamed(value.name);
    const renamedNode = (one: NodeProto): NodeProto => ({
      ...one,
      name: '',
      input: one.input.map(renamed),
      output: one.output.map(renamed),
      attribute: one.attribute.map((each) => (each.g ? { ...each, g: renamedBranch(each.g) } : each)),
    });
    const renamedBranch = (branch: GraphProto): GraphProto => ({
      ...branch,
      node: branch.node.map(renamedNode),
      output: branch.output.map((value) => ({ ...value, name: renamed(value.name) })),
    });
    const waiting = graph.node.map(renamedNode);
    const known = new Set(['', ...[...graph.initializer, ...graph.input].map(({ name }) => name)]);
    graph.node = [];
    while (waiting.length > 0) {
      const ready = waiting.filter((one) => namesRead(one).every((name) => known.has(name)));
      const next = ready[Math.floor(random() * ready.length)]!;
      waiting.splice(waiting.indexOf(next), 1);
      graph.node.push(next);
      for (const name of next.output) known.add(name);
    }
  };

/** The names that a node reads, those of its branches included. */
function namesRead({ input, attribute }: NodeProto): string[] {
  const inBranches = attribute.flatMap(({ g }) => {
    const own = g?.node.flatMap(({ output }) => output);
    return g?.node.flatMap(namesRead).filter((name) => !own?.includes(name)) ?? [];
  });
  return [...input, ...inBranches];
}
