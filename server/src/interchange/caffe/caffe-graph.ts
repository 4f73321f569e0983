import { CROP_SIZE } from '@swipenet/shared/photo.ts';
import { CommandError } from '../../command-error.ts';
import { ATTRIBUTE_TYPES, type AttributeProto } from '../../onnx/proto.ts';
import {
  connected,
  type ForeignConstant,
  type ForeignGraph,
  type ForeignNode,
  type ForeignValue,
} from '../recognize/foreign-graph.ts';
import type { Blob } from './messages.ts';
import { messagesOf, numberOf, numbersOf, type Prototxt, textOf, textsOf } from './prototxt.ts';

type Attributes = Readonly<Record<string, number | readonly number[]>>;

/** A layer as a node of ONNX: its operator and attributes. */
interface Translated {
  readonly op: string;
  readonly attributes?: Attributes;
}

/**
 * Translates a network in Caffe's terms, so that it can be recognized like one in ONNX's.
 *
 * @param net the contents of `deploy.prototxt`.
 * @param blobs the weights of each layer, by its name.
 * @throws CommandError `weights_invalid` if the network doesn't take photos of our size, or a layer reads a value that no
 *   earlier layer computes.
 */
export function caffeGraph(net: Prototxt, blobs: ReadonlyMap<string, readonly Blob[]>, fileName: string): ForeignGraph {
  const values = new Map<string, ForeignValue>();
  const inputs: ForeignValue[] = [];
  const addInput = (name: string, sizes: readonly number[]) => {
    checkPhotoSize(sizes, fileName);
    const input = { name, consumers: [] };
    values.set(name, input);
    inputs.push(input);
  };
  for (const [index, name] of textsOf(net, 'input').entries()) {
    const shape = messagesOf(net, 'input_shape')[index];
    addInput(name, shape ? numbersOf(shape, 'dim') : numbersOf(net, 'input_dim').slice(4 * index, 4 * index + 4));
  }
  for (const layer of [...messagesOf(net, 'layers'), ...messagesOf(net, 'layer')]) {
    const type = typeOf(layer);
    const tops = textsOf(layer, 'top');
    if (isOnlyForTraining(layer)) continue;
    if (type === 'Input') {
      const shapes = messagesOf(messagesOf(layer, 'input_param').at(-1), 'shape');
      for (const [index, top] of tops.entries()) addInput(top, numbersOf(shapes[index] ?? shapes[0], 'dim'));
    } else addLayer(layer, type, tops, values, blobs, fileName);
  }
  return { inputs, metadata: {} };
}

function addLayer(
  layer: Prototxt,
  type: string,
  tops: readonly string[],
  values: Map<string, ForeignValue>,
  blobs: ReadonlyMap<string, readonly Blob[]>,
  fileName: string,
): void {
  const name = textOf(layer, 'name') ?? '';
  const bottoms = textsOf(layer, 'bottom').map((bottom) => {
    const value = values.get(bottom);
    if (value) return value;
    const message = `${fileName}: the layer ${name} reads ${bottom}, which no earlier layer computes`;
    throw new CommandError('weights_invalid', message);
  });
  const [first] = bottoms;
  if (PASS_ON.includes(type) && first) {
    for (const top of tops) values.set(top, first);
    return;
  }
  const { op, attributes = {} } = translated(layer, type);
  const weights = (blobs.get(name) ?? []).map(({ shape, data }, index): ForeignConstant => {
    return { name: `${name}/${index}`, shape, numbers: () => data };
  });
  const flat = op === 'Gemm' ? [connected('Flatten', bottoms, `${name}/flat`, () => undefined).output] : bottoms;
  const node = connected(op, [...flat, ...weights], name, attributeOf(attributes));
  for (const top of tops) values.set(top, node.output);
}

/** Layers that pass on their input at inference. Caffe adds a `Split` where several layers read a value. */
const PASS_ON = ['Dropout', 'Split'];

/** Caffe's types before 2015, where they aren't just the same word in capitals. */
const OLD_TYPES: Readonly<Record<string, string>> = {
  CONVOLUTION: 'Convolution',
  POOLING: 'Pooling',
  RELU: 'ReLU',
  CONCAT: 'Concat',
  DROPOUT: 'Dropout',
  INNER_PRODUCT: 'InnerProduct',
  SOFTMAX: 'Softmax',
  SPLIT: 'Split',
};

function typeOf(layer: Prototxt): string {
  const type = textOf(layer, 'type') ?? '';
  return OLD_TYPES[type] ?? type;
}

const isOnlyForTraining = (layer: Prototxt) =>
  messagesOf(layer, 'include').some((rule) => textOf(rule, 'phase') === 'TRAIN');

function translated(layer: Prototxt, type: string): Translated {
  const parameters = (name: string) => messagesOf(layer, name).at(-1);
  switch (type) {
    case 'Convolution': {
      const found = parameters('convolution_param');
      const group = numberOf(found, 'group', 1);
      return {
        op: 'Conv',
        attributes: { ...windowOf(found), group, dilations: pair(found, 'dilation', 'dilation', 1) },
      };
    }
    case 'Pooling':
      return pooling(parameters('pooling_param'));
    case 'ReLU':
      return { op: numberOf(parameters('relu_param'), 'negative_slope', 0) === 0 ? 'Relu' : 'LeakyRelu' };
    case 'LRN':
      return normalization(parameters('lrn_param'));
    case 'Concat': {
      const found = parameters('concat_param');
      return { op: 'Concat', attributes: { axis: numberOf(found, 'axis', numberOf(found, 'concat_dim', 1)) } };
    }
    case 'InnerProduct':
      return {
        op: 'Gemm',
        attributes: { transB: textOf(parameters('inner_product_param'), 'transpose') === 'true' ? 0 : 1 },
      };
    default:
      return { op: type };
  }
}

function pooling(found: Prototxt | undefined): Translated {
  const pool = textOf(found, 'pool') ?? 'MAX';
  if (pool === 'AVE') {
    return textOf(found, 'global_pooling') === 'true'
      ? { op: 'GlobalAveragePool' }
      : { op: 'AveragePool', attributes: windowOf(found) };
  }
  if (pool !== 'MAX' || textOf(found, 'global_pooling') === 'true') return { op: `Pooling ${pool}` };
  const rounds = textOf(found, 'round_mode') === 'FLOOR' ? 0 : 1; // Caffe rounds sizes up
  return { op: 'MaxPool', attributes: { ...windowOf(found), ceil_mode: rounds } };
}

function normalization(found: Prototxt | undefined): Translated {
  const region = textOf(found, 'norm_region') ?? 'ACROSS_CHANNELS';
  if (region !== 'ACROSS_CHANNELS') return { op: `LRN ${region}` };
  const attributes = {
    size: numberOf(found, 'local_size', 5),
    alpha: numberOf(found, 'alpha', 1),
    beta: numberOf(found, 'beta', 0.75),
    bias: numberOf(found, 'k', 1),
  };
  return { op: 'LRN', attributes };
}

/** Height and width of something that is given once for both, twice, or in two fields. */
function pair(found: Prototxt | undefined, field: string, prefix: string, fallback: number): [number, number] {
  const [height = fallback, width = height] = numbersOf(found, field);
  return [numberOf(found, `${prefix}_h`, height), numberOf(found, `${prefix}_w`, width)];
}

function windowOf(found: Prototxt | undefined): Attributes {
  const pads = pair(found, 'pad', 'pad', 0);
  return {
    kernel_shape: pair(found, 'kernel_size', 'kernel', 0),
    strides: pair(found, 'stride', 'stride', 1),
    pads: [...pads, ...pads],
  };
}

const INTEGERS = ['group', 'ceil_mode', 'axis', 'transB', 'size'];

/** Presents attributes as ONNX does. */
const attributeOf =
  (attributes: Attributes): ForeignNode['attribute'] =>
  (name): AttributeProto | undefined => {
    const value = attributes[name];
    if (value === undefined) return undefined;
    if (typeof value !== 'number') return { name, type: ATTRIBUTE_TYPES.ints, ints: [...value] };
    if (INTEGERS.includes(name)) return { name, type: ATTRIBUTE_TYPES.int, i: value };
    return { name, type: ATTRIBUTE_TYPES.float, f: value };
  };

function checkPhotoSize(sizes: readonly number[], fileName: string): void {
  const [, channels, height, width] = sizes;
  if ((channels === 1 || channels === 3) && height === CROP_SIZE && width === CROP_SIZE) return;
  const expected = `[1,1,${CROP_SIZE},${CROP_SIZE}] or [1,3,${CROP_SIZE},${CROP_SIZE}]`;
  throw new CommandError(
    'weights_invalid',
    `${fileName}: the input has the sizes [${sizes.slice(0, 8)}], expected ${expected}`,
  );
}
