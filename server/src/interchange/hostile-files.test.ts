import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foreignGoogLeNet, NARROW, rewritten } from '../../../test/support/foreign-googlenet.ts';
import { mutated } from '../../../test/support/mutated.ts';
import { randomWeights } from '../../../test/support/random-weights.ts';
import { CommandError } from '../command-error.ts';
import { readSafetensors, writeSafetensors } from '../googlenet/safetensors.ts';
import { buildServingModel } from '../googlenet/serving-model.ts';
import type { WeightTensor } from '../googlenet/weights.ts';
import { DATA_TYPES } from '../onnx/proto.ts';
import { describeImport } from './import-model.ts';
import { readForeignGraph } from './recognize/foreign-graph.ts';
import { recognize } from './recognize/recognize.ts';

const gray = { channels: 1, classes: 2 } as const;

/** A protobuf field of a number and some bytes. */
function field(id: number, bytes: Uint8Array): Buffer {
  const head = [id * 8 + 2];
  let rest = bytes.length;
  for (; rest > 127; rest = Math.floor(rest / 128)) head.push((rest % 128) | 128);
  return Buffer.concat([Buffer.from([...head, rest]), bytes]);
}
/** A field that contains a field, and so on: `within([7, 5], bytes)` is an initializer of a graph. */
const within = (ids: readonly number[], bytes: Uint8Array): Uint8Array =>
  ids.reduceRight((inner, id) => field(id, inner), bytes);

/** Passes if reading works or fails with the code of a file that isn't a GoogLeNet, in a short message. */
function expectReadOrRejected(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(CommandError);
    expect(error).toMatchObject({ code: expect.stringMatching(/^(weights|model)_invalid$/) });
    expect((error as Error).message.length).toBeLessThanOrEqual(300);
  }
}

describe('a damaged file never does more than fail with a code', () => {
  it('ONNX', () => {
    const { bytes } = foreignGoogLeNet(gray);
    fc.assert(
      fc.property(mutated(bytes, 30_000), (file) => {
        expectReadOrRejected(() => recognize(readForeignGraph(file), NARROW));
      }),
      { numRuns: 150 },
    );
  });

  it('safetensors', () => {
    const tensor = (...shape: number[]): WeightTensor => ({
      shape,
      data: new Float32Array(shape[0]! * (shape[1] ?? 1)),
    });
    const tensors = new Map([
      ['a', tensor(3, 2)],
      ['mean', tensor(1)],
      ['c', tensor(8)],
    ]);
    const file = Buffer.concat(writeSafetensors(tensors, { origin: 'a test' }));
    fc.assert(
      fc.property(mutated(file, 240), (bytes) => {
        expectReadOrRejected(() => readSafetensors(bytes));
      }),
      { numRuns: 500 },
    );
  });
});

describe('an ONNX file that is made to be expensive', () => {
  const initializers = (count: number) => within([7], Buffer.alloc(2 * count, Buffer.from([0x2a, 0x00])));
  const nested = (levels: number) =>
    Array.from({ length: levels }).reduce<Uint8Array>((inner) => within([1, 5, 6], inner), new Uint8Array());
  it.each<[string, Uint8Array, string]>([
    ['millions of empty tensors', initializers(2_000_000), 'more than 20000 nodes, tensors and attributes'],
    ['millions of sizes', within([7, 5, 1], Buffer.alloc(4_000_000, 1)), 'more than 100000 names and sizes'],
    ['millions of listed integers', within([7, 5, 5], Buffer.alloc(17_000_000, 1)), 'more than 16000000 numbers'],
    ['graphs within graphs', within([7], nested(5_000)), 'more than 16 levels of nesting'],
    ['a name of 20 MB', within([7, 1, 3], Buffer.alloc(20_000_000, 'A')), 'a name of more than 1000000 bytes'],
    [
      'megabytes of names',
      within([7], Buffer.concat(Array(20).fill(within([1, 3], Buffer.alloc(900_000, 'A'))))),
      'more than 16000000 bytes of text',
    ],
  ])('is rejected: %s', (_what, bytes, message) => {
    expect(() => readForeignGraph(bytes)).toThrow(
      expect.objectContaining({ code: 'weights_invalid', message: expect.stringContaining(message) }),
    );
  });

  it.each<[string, Uint8Array]>([
    ['two graphs', Buffer.concat([within([7, 2], Buffer.from('a')), within([7, 2], Buffer.from('b'))])],
    ['a group, which ONNX doesn’t have', Buffer.concat([Buffer.alloc(100_000, 0x0b), Buffer.alloc(100_000, 0x0c)])],
    ['an endless number', Buffer.concat([Buffer.from([0x08]), Buffer.alloc(20, 0xff)])],
    ['a length of 2⁶⁴ − 1', Buffer.from([0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01])],
    ['a length beyond its message', within([7], Buffer.from([0x0a, 0x7f, 0x00]))],
    ['a text where a number belongs', within([1], Buffer.from('8'))],
  ])('is rejected as malformed: %s', (_what, bytes) => {
    expect(() => readForeignGraph(bytes)).toThrow('the file is neither a safetensors file nor an ONNX model');
  });

  it('reads a matrix that is transposed thousands of times', () => {
    const { bytes, weights } = foreignGoogLeNet(gray, ({ graph }) => {
      const gemm = graph.node.find(({ opType }) => opType === 'Gemm')!;
      const transposes = Array.from({ length: 10_000 }, (_, index) => ({
        ...{ name: '', opType: 'Transpose', attribute: [] },
        input: [index === 0 ? gemm.input[1]! : `transposed${index - 1}`],
        output: [`transposed${index}`],
      }));
      graph.node.unshift(...transposes);
      gemm.input[1] = 'transposed9999';
    });
    expect(recognize(readForeignGraph(bytes), NARROW).weights).toEqual(weights);
  });

  it('gives up on a normalization that costs too much to compute', () => {
    const { bytes } = foreignGoogLeNet(gray, ({ graph }) => {
      const index = graph.node.findIndex(({ opType }) => opType === 'LRN');
      const [x, y] = [graph.node[index]!.input[0]!, graph.node[index]!.output[0]!];
      const widths = {
        name: 'widths',
        dims: [8],
        dataType: DATA_TYPES.int64,
        int64Data: [0, 0, 200, 200, 0, 0, 200, 200],
      };
      graph.initializer.push(widths);
      const add = (input: string[], output: string) => {
        return { name: '', opType: output.startsWith('pad') ? 'Pad' : 'Mul', input, output: [output], attribute: [] };
      };
      const powers = Array.from({ length: 300 }, (_, place) => {
        return add([place === 0 ? 'pad' : `power${place - 1}`, 'pad'], place === 299 ? y : `power${place}`);
      });
      graph.node.splice(index, 1, add([x, 'widths'], 'pad'), ...powers);
    });
    expect(() => recognize(readForeignGraph(bytes), NARROW)).toThrow('it doesn’t begin a local response normalization');
  });

  it('names three of thousands of candidates', () => {
    const { bytes } = foreignGoogLeNet(gray, ({ graph }) => {
      const conv = graph.node.find(({ opType }) => opType === 'Conv')!;
      const strides = { name: 'strides', type: 7, ints: [1, 1] };
      const odd = { ...conv, attribute: conv.attribute.map((one) => (one.name === 'strides' ? strides : one)) };
      const candidates = Array.from({ length: 2_000 }, (_, index) => ({ ...odd, output: [`candidate${index}`] }));
      graph.node = [...candidates, ...graph.node.map((one) => (one === conv ? odd : one))];
    });
    const read = () => recognize(readForeignGraph(bytes), NARROW);
    expect(read).toThrow(/Conv candidate0: .*; Conv candidate1: .*; Conv candidate2: [^;]*$/);
  });
});

describe('a shape that is none is rejected', () => {
  it.each<[string, readonly number[]]>([
    ['negative sizes', [-2, -2, 1, 1]],
    ['hundreds of sizes', Array(400).fill(1)],
    ['sizes whose product is beyond all numbers', [2 ** 62, 2 ** 62, 1, 1]],
  ])('%s', (_what, dims) => {
    const { bytes } = foreignGoogLeNet(gray, ({ graph }) => {
      graph.initializer.find(({ name }) => name === 'conv1/7x7_s2.weight')!.dims = [...dims];
    });
    expectReadOrRejected(() => recognize(readForeignGraph(bytes), NARROW));
    expect(() => recognize(readForeignGraph(bytes), NARROW)).toThrow('conv1/7x7_s2.weight has shape [');
  });
});

describe('an implausible number is rejected', () => {
  const weights = randomWeights(3);
  const importing = (bytes: Uint8Array) =>
    describeImport(
      { bytes },
      { id: 'mine', resize: 'cover', classes: 'NOPE,LIKE', description: 'made by a test' },
      'npm test',
    );
  const withMean = (...levels: number[]) =>
    Buffer.concat(
      writeSafetensors(new Map([...weights, ['mean', { shape: [levels.length], data: Float32Array.from(levels) }]])),
    );
  const image = (level: number) => withMean(...Array(224 * 224 - 1).fill(100), level);
  const withWeight = (number: number) => {
    const name = 'inception_4a/3x3.bias';
    const data = weights.get(name)!.data.map((own, index) => (index === 7 ? number : own));
    const mean = { shape: [1], data: Float32Array.of(100) };
    return Buffer.concat(
      writeSafetensors(new Map([...weights, [name, { ...weights.get(name)!, data }], ['mean', mean]])),
    );
  };
  const served = buildServingModel({ weights, mean: 100, temperature: 1.5, storage: 'float32' });
  const withTemperature = (...numbers: number[]) =>
    rewritten(served, ({ graph }) => {
      const rawData = new Uint8Array(Float32Array.from(numbers).buffer);
      const tensor = { name: 'temperature', dims: [numbers.length], dataType: DATA_TYPES.float32, rawData };
      graph.initializer = graph.initializer.map((one) => (one.name === 'temperature' ? tensor : one));
    });

  it.each<[string, () => Uint8Array, string]>([
    [
      'a mean that is not a number',
      () => withMean(Number.NaN),
      'the mean has the level NaN, expected levels from 0 to 255',
    ],
    ['an infinite mean', () => withMean(Number.POSITIVE_INFINITY), 'the mean has the level Infinity'],
    ['an absurd mean', () => withMean(1e30), 'the mean has the level 1.0000000150474662e+30'],
    ['one pixel of a mean image', () => image(Number.NaN), 'the mean has the level NaN'],
    ['a negative pixel of a mean image', () => image(-1), 'the mean has the level -1'],
    [
      'a weight that is not a number',
      () => withWeight(Number.NaN),
      '4a/3x3.bias has values that aren’t finite numbers',
    ],
    ['an absurd weight', () => withWeight(-1e5), '4a/3x3.bias has numbers beyond ±10000'],
    ['a temperature of 0', () => withTemperature(0), 'the temperature is 0, expected 0.01 to 100'],
    ['a negative temperature', () => withTemperature(-1), 'the temperature is -1'],
    ['a temperature that is not a number', () => withTemperature(Number.NaN), 'the temperature is NaN'],
    ['a tiny temperature', () => withTemperature(1e-40), 'expected 0.01 to 100'],
    ['two temperatures', () => withTemperature(1, 2), 'divides the logits by 2 numbers'],
  ])('%s', (_what, bytes, message) => {
    expect(() => importing(bytes())).toThrow(
      expect.objectContaining({ code: 'weights_invalid', message: expect.stringContaining(message) }),
    );
  });

  it('but a real one is not', () => {
    expect(importing(withMean(114.7)).network.mean).toBeCloseTo(114.7, 4);
    expect(importing(withTemperature(1.5)).network.temperature).toBe(1.5);
    expect(importing(withWeight(255)).about.id).toBe('mine');
  });
});
