import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  addedBias,
  channelsLastMean,
  channelsLastPhotos,
  eightNodeNormalization,
  fourSizes,
  otherNormalization,
  reduceMean,
  reshapedClassifier,
  sliceNormalization,
  torchNormalization,
} from '../../../../test/support/exporter-forms.ts';
import {
  caffeEnd,
  ceilMode,
  constantNodes,
  type Form,
  floatLists,
  foreignGoogLeNet,
  generousPads,
  halves,
  identities,
  matMul,
  NARROW,
  oldVersion,
  rewritten,
  shuffled,
  withAttribute,
} from '../../../../test/support/foreign-googlenet.ts';
import { seededRandom, uniform } from '../../../../test/support/random.ts';
import { decodeModelProto } from '../../onnx/proto.ts';
import { openSession } from '../../runtime/session.ts';
import { readForeignGraph } from './foreign-graph.ts';
import { recognize } from './recognize.ts';

const gray = { channels: 1, classes: 2 } as const;
const color = { channels: 3, classes: 10 } as const;
const zoo = [caffeEnd, generousPads, oldVersion] as const;

const found = (bytes: Uint8Array) => recognize(readForeignGraph(bytes), NARROW);

/** Runs a file in ONNX Runtime, with the photos' channels where the file wants them. */
async function confidencesOf(bytes: Uint8Array, channels: number): Promise<number[]> {
  const session = await openSession({ model: bytes, device: 'cpu', threads: 1 });
  const [area, side] = [224 ** 2, 224];
  const data = uniform(seededRandom(1), channels * area, 128);
  const isLast = decodeModelProto(bytes).graph.input[0]?.type.tensorType.shape.dim[1]?.dimValue === side;
  const last = data.map((_, index) => data[(index % channels) * area + Math.floor(index / channels)]!);
  const photos = isLast ? { data: last, shape: [1, side, side, channels] } : { data, shape: [1, channels, side, side] };
  const [confidence] = Object.values(await session.run({ photos }));
  await session.close();
  return [...confidence!.data];
}

describe('recognizes a GoogLeNet by its graph', () => {
  let [ofGray, ofColor]: number[][] = [];
  beforeAll(async () => {
    ofGray = await confidencesOf(foreignGoogLeNet(gray).bytes, 1);
    ofColor = await confidencesOf(foreignGoogLeNet(color).bytes, 3);
  });

  it.each<[string, typeof gray | typeof color, readonly Form[]]>([
    ['with Identity after every node', gray, [identities]],
    ['in the zoo’s form: opset 7, AveragePool, Dropout, Reshape, weights among the inputs', color, zoo],
    ['in the zoo’s form, for gray photos', gray, zoo],
    ['with ceil_mode', color, [ceilMode]],
    ['with MatMul and Add', color, [matMul]],
    ['with weights as lists', color, [floatLists]],
    ['with weights as Constant nodes', color, [constantNodes, matMul]],
    ['with normalizations of eight nodes', gray, [eightNodeNormalization]],
    ['with ReduceMean', color, [reduceMean(1)]],
    ['with ReduceMean that leaves nothing to flatten', gray, [reduceMean(0)]],
    ['with a bias that is added after the convolution', color, [addedBias]],
    ['with a Reshape of the classifier’s weight', color, [reshapedClassifier]],
    ['in PyTorch’s form for any batch', gray, [torchNormalization, ceilMode, reduceMean(0)]],
    ['in tf2onnx’s form', gray, [sliceNormalization, channelsLastPhotos, addedBias, matMul, channelsLastMean]],
    ['with color photos that have their channels last', color, [channelsLastPhotos]],
  ])('%s', async (_form, size, forms) => {
    const { bytes, weights } = foreignGoogLeNet(size, ...forms, shuffled(5));
    expect(found(bytes)).toEqual({ weights, mean: undefined, temperature: 1 });
    // ONNX Runtime confirms that the file is valid and still the same network. It finds the input by name.
    const written = await confidencesOf(foreignGoogLeNet(size, ...forms).bytes, size.channels);
    const plain = (size === gray ? ofGray : ofColor)!;
    expect(Math.max(...written.map((value, index) => Math.abs(value - plain[index]!)))).toBeLessThan(1e-5);
    expect(new Set(plain).size).toBe(size.classes);
  });

  it('with four sizes for every tensor, as in old Caffe files', () => {
    const { bytes, weights } = foreignGoogLeNet(color, fourSizes, caffeEnd);
    expect(found(bytes).weights).toEqual(weights);
  });

  it('with no bias where it is zero', () => {
    const { bytes, weights } = foreignGoogLeNet(gray, ({ graph }) => {
      for (const one of graph.node) if (['Conv', 'Gemm'].includes(one.opType)) one.input = one.input.slice(0, 2);
    });
    const unbiased = [...weights].map(([name, { shape, data }]) => {
      return [name, { shape, data: name.endsWith('.bias') ? data.fill(0) : data }] as const;
    });
    expect(found(bytes).weights).toEqual(new Map(unbiased));
  });

  it('with weights as float16', () => {
    const { bytes, weights } = foreignGoogLeNet(color, halves, ...zoo.slice(0, 2));
    const rounded = [...weights].map(([name, { shape, data }]) => [name, { shape, data: data.map(Math.f16round) }]);
    expect(found(bytes).weights).toEqual(new Map(rounded as never));
  });

  it('whatever the names of its values and the order of its nodes', () => {
    const { bytes, weights } = foreignGoogLeNet(color, ...zoo);
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        expect(found(rewritten(bytes, shuffled(seed))).weights).toEqual(weights);
      }),
      { numRuns: 10 },
    );
  });

  it('with in-place layers that overwrite their input, as in Caffe', () => {
    const inPlace: Form = ({ graph }) => {
      const names = new Map<string, string>();
      for (const node of graph.node) {
        node.input = node.input.map((name) => names.get(name) ?? name);
        if (node.opType !== 'Relu') continue;
        names.set(node.output[0]!, node.input[0]!);
        node.output = [node.input[0]!];
      }
    };
    const { bytes, weights } = foreignGoogLeNet(gray, inPlace);
    expect(found(bytes).weights).toEqual(weights);
  });
});

describe('rejects any other graph and names the first difference', () => {
  const tensor =
    (name: string, change: (dims: number[]) => number[]): Form =>
    ({ graph }) => {
      const found = graph.initializer.find((one) => one.name === name)!;
      found.dims = change(found.dims);
    };
  const twoInputs: Form = ({ graph }) => {
    graph.input.push({ ...graph.input[0]!, name: 'more' });
  };
  const external: Form = ({ graph }) => {
    const externalData = [{ key: 'location', value: '../../../etc/passwd' }];
    Object.assign(graph.initializer[3]!, { externalData, dataLocation: 1, rawData: new Uint8Array() });
  };
  const reversedConcat: Form = ({ graph }) => {
    graph.node.find(({ opType }) => opType === 'Concat')!.input.reverse();
  };
  const cutOff: Form = ({ graph }) => {
    graph.node.splice(graph.node.findIndex(({ opType }) => opType === 'Gemm'));
  };
  const identicalBranches: Form = ({ graph }) => {
    const reduce = graph.node.find(({ output }) => output[0] === 'inception_3a/1x1')!;
    const copies = Array.from({ length: 300 }, (_, index) => ({ ...reduce, output: [`copy${index}`] }));
    graph.node.splice(graph.node.indexOf(reduce), 0, ...copies);
    reversedConcat({ graph } as never);
  };

  it.each<[string, Form, string]>([
    [
      'a tensor with another shape',
      tensor('conv2/3x3.weight', ([out = 0, ...rest]) => [out - 1, ...rest]),
      'the tensor conv2/3x3.weight has shape [11,4,3,3], expected [12,4,3,3]',
    ],
    [
      'a bias with another shape',
      tensor('conv1/7x7_s2.bias', () => [2, 2]),
      'conv1/7x7_s2.bias has shape [2,2], expected [4]',
    ],
    ['another stride', withAttribute('Conv', 'strides', () => [1, 1]), 'strides [1,1], expected [2,2]'],
    ['missing padding', withAttribute('Conv', 'pads', () => [0, 0, 0, 0]), 'begin pads [0,0], expected [3,3]'],
    ['dilations', withAttribute('Conv', 'dilations', () => [2, 2]), 'it has groups or dilations'],
    [
      'windows without overhang',
      withAttribute('MaxPool', 'pads', (pads) => [...pads.slice(0, 2), ...pads.slice(0, 2)]),
      'MaxPool pool1/3x3_s2 is missing (MaxPool pool1/3x3_s2: it turns [112,112] into [55,55], expected [56,56])',
    ],
    ['another normalization', withAttribute('LRN', 'size', () => 3), 'its size is 3, expected 5'],
    [
      'another normalization in several nodes',
      otherNormalization,
      'LRN pool1/norm1 is missing (Mul pool1/norm1/squares: it doesn’t begin a local response normalization with size 5, alpha 0.0001, beta 0.75 and bias 1;',
    ],
    [
      'a mean over the channels',
      reduceMean(1, [1]),
      'pool5 is missing (ReduceMean pool5: it is the mean over the axes [1], expected [2,3])',
    ],
    ['branches in another order', reversedConcat, 'Concat inception_3a/output is missing'],
    ['no classifier', cutOff, 'Gemm loss3/classifier is missing (no other node reads its input)'],
    ['two inputs', twoInputs, 'the graph has 2 inputs, but GoogLeNet has one'],
    ['a tensor in another file', external, 'is in another file (external_data), which isn’t supported'],
    ['hundreds of identical branches', identicalBranches, 'the graph is not a GoogLeNet'],
  ])('%s', (_what, change, message) => {
    expect(() => found(foreignGoogLeNet(gray, change).bytes)).toThrow(
      expect.objectContaining({ code: 'weights_invalid', message: expect.stringContaining(message) }),
    );
  });

  it('bytes that are not ONNX at all', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(() => readForeignGraph(bytes)).toThrow(expect.objectContaining({ code: 'weights_invalid' }));
      }),
    );
  });
});
