// @module-tag slow
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BlobForm,
  blobProto,
  caffeModel,
  deployPrototxt,
  infoJson,
  meanImage,
  snapshotFolder,
  trainPrototxt,
} from '../../../../test/support/caffe-files.ts';
import { mutated } from '../../../../test/support/mutated.ts';
import { randomWeights } from '../../../../test/support/random-weights.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { CommandError } from '../../command-error.ts';
import type { Weights } from '../../googlenet/weights.ts';
import { describeImport, type ImportChoices } from '../import-model.ts';
import { readImportSource } from '../import-source.ts';
import { readBinaryProto, readCaffeModel } from './messages.ts';

const weights = randomWeights(2);
const model = caffeModel(weights);
const deploy = deployPrototxt(weights);
const mean = blobProto([1, 1, 256, 256], meanImage(), 'four sizes');

/** A snapshot as DIGITS leaves it. Files can be replaced or left out. */
const files: Readonly<Record<string, string | Uint8Array | undefined>> = {
  'snapshot_iter_100.caffemodel': model,
  'deploy.prototxt': deploy,
  'labels.txt': 'LIKE\nNOPE\n',
  'mean.binaryproto': mean,
  'train_val.prototxt': trainPrototxt('mean_file: "/jobs/1/mean.binaryproto"'),
  'info.json': infoJson('squash'),
};

async function importing(changed: typeof files = {}, choices: ImportChoices = {}, name = '') {
  const folder = snapshotFolder(temporaryFolder(), { ...files, ...changed });
  const source = await readImportSource(name ? join(folder, name) : folder);
  return describeImport(source, { id: 'digits', description: 'made by a test', ...choices }, 'npm test');
}

const firstLike = (read: Weights) => read.get('loss3/classifier.weight')!.data.slice(1024);
const ownLike = weights.get('loss3/classifier.weight')!.data.slice(0, 1024);

describe('a snapshot of DIGITS', () => {
  it('needs no flags about its input and output', async () => {
    const { about, network, sentences } = await importing();
    expect(about).toMatchObject({ preprocessing: { resize: 'squash', mean: 'image' }, threshold: 0.4, temperature: 1 });
    expect(firstLike(network.weights)).toEqual(ownLike);
    const [first, center] = [network.mean as Float32Array, meanImage()];
    expect([first.length, first[0], first.at(-1)]).toEqual([224 ** 2, center[16 * 256 + 16], center[239 * 256 + 239]]);
    expect(sentences).toEqual([
      'labels.txt: LIKE is LIKE, NOPE is NOPE',
      'mean.binaryproto: the mean image is subtracted',
      'info.json: squash, which is --resize squash',
    ]);
  });

  it.each<BlobForm>(['four sizes', 'doubles', 'raw floats', 'raw halves'])(
    'may store its weights as %s',
    async (form) => {
      const changed = { 'snapshot_iter_100.caffemodel': caffeModel(weights, { form }) };
      const bias = (read: Weights) => [...read.get('inception_4a/3x3.bias')!.data];
      const { network } = await importing(changed);
      const expected = bias(weights).map((number) => (form === 'raw halves' ? Math.f16round(number) : number));
      expect(bias(network.weights)).toEqual(expected);
    },
  );

  it('may be imported by the path of its weights, with the files next to it', async () => {
    const more = { 'snapshot_iter_200.caffemodel': model };
    const { about } = await importing(more, {}, 'snapshot_iter_200.caffemodel');
    expect(about.preprocessing.mean).toBe('image');
    await expect(importing(more)).rejects.toMatchObject({
      code: 'weights_invalid',
      message: expect.stringMatching(
        /has 2 snapshots\. Import one of them, for example .*snapshot_iter_200\.caffemodel$/,
      ),
    });
  });

  it('subtracts what train_val.prototxt says', async () => {
    const meanOf = async (transform: string, choices: ImportChoices = {}) => {
      const { about } = await importing({ 'train_val.prototxt': trainPrototxt(transform) }, choices);
      return about.preprocessing.mean;
    };
    expect(await meanOf('mean_value: 114.5')).toBe(114.5);
    expect(await meanOf('')).toBe(0);
    await expect(meanOf('mean_value: 114.5', { mean: [100] })).rejects.toMatchObject({ code: 'option_invalid' });
    await expect(meanOf('mean_value: 1 mean_value: 2')).rejects.toThrow(
      'subtracts 2 levels, but the network has 1 channel',
    );
  });

  it('divides by what train_val.prototxt says', async () => {
    const { network } = await importing({ 'train_val.prototxt': trainPrototxt('mean_value: 10 scale: 0.5') });
    const [halved, own] = [network.weights, weights].map((one) => one.get('conv1/7x7_s2.weight')!.data[5]!);
    expect(halved).toBeCloseTo(own! / 2, 6);
  });

  it('subtracts the mean image that is there if no file says it, unless --mean does', async () => {
    const changed = { 'train_val.prototxt': undefined };
    expect((await importing(changed)).about.preprocessing.mean).toBe('image');
    expect((await importing(changed, { mean: [0] })).about.preprocessing.mean).toBe(0);
    const neither = { ...changed, 'mean.binaryproto': undefined };
    await expect(importing(neither)).rejects.toThrow('--mean is required');
  });

  it('with more classes becomes a starting point', async () => {
    const [shape, data] = [[3, 1024], new Float32Array(3072)];
    const three = new Map([
      ...weights,
      ['loss3/classifier.weight', { shape, data }],
      ['loss3/classifier.bias', { shape: [3], data: new Float32Array(3) }],
    ]);
    const changed = {
      'snapshot_iter_100.caffemodel': caffeModel(three),
      'deploy.prototxt': deployPrototxt(three),
      'labels.txt': 'a\nb\nc',
    };
    expect((await importing(changed)).about).toMatchObject({ classes: 3 });
  });

  const edited = (from: string, to: string) => ({ 'deploy.prototxt': deploy.replace(from, to) });
  it.each<[string, typeof files, ImportChoices, string]>([
    ['no network', { 'deploy.prototxt': undefined }, {}, 'has a .caffemodel but no deploy.prototxt'],
    [
      'labels for more classes',
      { 'labels.txt': 'a\nb\nc\n' },
      {},
      'labels.txt has 3 labels, but the network has 2 classes',
    ],
    [
      'a label that is a book',
      { 'labels.txt': `${'a'.repeat(300)}\nLIKE\n` },
      {},
      'a label of more than 255 characters',
    ],
    ['no labels', { 'labels.txt': undefined }, {}, '--classes is required'],
    [
      'labels that mean nothing here',
      { 'labels.txt': '0\n1\n' },
      {},
      '--like is required: which label means LIKE: 0 or 1',
    ],
    [
      '--like without labels',
      { 'labels.txt': undefined },
      { like: 'a' },
      '--like only works if a labels.txt is next to',
    ],
    [
      'no mean image',
      { 'mean.binaryproto': undefined },
      {},
      'train_val.prototxt subtracts a mean image. Put that mean.binaryproto',
    ],
    [
      'a mean image of another size',
      { 'mean.binaryproto': blobProto([1, 1, 300, 300], meanImage(1, 300)) },
      {},
      'mean.binaryproto has the sizes [1,1,300,300], expected [1,1,256,256]',
    ],
    [
      'a mean image in color',
      { 'mean.binaryproto': blobProto([1, 3, 256, 256], meanImage(3)) },
      {},
      'has the sizes [1,3,256,256], expected [1,1,256,256]',
    ],
    [
      'a mean image with numbers that aren’t levels',
      { 'mean.binaryproto': blobProto([1, 1, 256, 256], meanImage().fill(Number.NaN)) },
      {},
      'the mean has the level NaN',
    ],
    [
      'photos of another size',
      { 'info.json': infoJson('squash', 300) },
      {},
      'info.json: the network was trained on photos of 300 × 300',
    ],
    ['a resize mode that Swipenet doesn’t have', { 'info.json': infoJson('half_crop') }, {}, '--resize is required'],
    ['another resize mode', {}, { resize: 'cover' }, '--resize contradicts info.json, which says squash'],
    ['another order', {}, { classes: 'NOPE,LIKE' }, '--classes contradicts the labels LIKE, NOPE'],
    ['a range', {}, { range: '0-1' }, '--range contradicts the file'],
    [
      'another crop',
      { 'train_val.prototxt': trainPrototxt('').replaceAll('224', '227') },
      {},
      'crops photos to 227, expected 224',
    ],
    [
      'two ways to prepare photos',
      { 'train_val.prototxt': trainPrototxt('mean_value: 1').replace('mean_value: 1', 'mean_value: 2') },
      {},
      'in different ways',
    ],
    ['another input', edited('dim: 224', 'dim: 227'), {}, 'deploy.prototxt: the input has the sizes [1,1,227,224]'],
    [
      'another normalization',
      edited('local_size: 5', 'local_size: 3'),
      {},
      'LRN pool1/norm1 is missing (LRN pool1/norm1: its size is 3, expected 5)',
    ],
    [
      'an unknown layer',
      edited('"ReLU"', '"PReLU"'),
      {},
      'Relu conv1/7x7_s2/relu is missing (PReLU conv1/7x7_s2/relu: it is PReLU)',
    ],
    [
      'a layer that reads nothing',
      edited('bottom: "conv1/7x7_s2"', 'bottom: "conv0"'),
      {},
      'reads conv0, which no earlier layer computes',
    ],
    [
      'a layer without weights',
      edited('name: "inception_3a/1x1"', 'name: "other"'),
      {},
      'its weight is not stored in the file',
    ],
    [
      'a file that isn’t Caffe’s',
      { 'snapshot_iter_100.caffemodel': 'GIF89a and more' },
      {},
      'snapshot_iter_100.caffemodel',
    ],
    [
      'a file that is cut off',
      { 'snapshot_iter_100.caffemodel': model.subarray(0, 9e6) },
      {},
      'is not a .caffemodel of Caffe, or it is cut off',
    ],
    [
      'a file without weights',
      { 'snapshot_iter_100.caffemodel': model.subarray(0, 11) },
      {},
      'has no layers with weights',
    ],
    [
      'a mean image that is cut off',
      { 'mean.binaryproto': mean.subarray(0, 1000) },
      {},
      'mean.binaryproto is not a .binaryproto of Caffe',
    ],
  ])('is refused with %s', async (_what, changed, choices, message) => {
    await expect(importing(changed, choices)).rejects.toMatchObject({
      code: expect.stringMatching(/^(weights|option)_invalid$/),
      message: expect.stringContaining(message),
    });
  });

  it('doesn’t follow links, which could lead to any file', async () => {
    const folder = snapshotFolder(temporaryFolder(), { ...files, 'labels.txt': undefined });
    await symlink('/etc/passwd', join(folder, 'labels.txt'));
    await expect(readImportSource(folder)).rejects.toThrow('labels.txt of');
    const empty = join(temporaryFolder(), 'empty');
    await mkdir(empty);
    await writeFile(join(empty, 'note'), '');
    await expect(readImportSource(empty)).rejects.toThrow(
      'has neither a manifest.json, as Swipenet’s models do, nor a .caffemodel',
    );
  });
});

describe('a damaged or expensive file of Caffe never does more than fail with a code', () => {
  const tensor = { shape: [2, 3], data: new Float32Array(6) };
  const small = caffeModel(
    new Map([
      ['a.weight', tensor],
      ['a.bias', tensor],
    ]),
  );

  it.each<[string, Uint8Array, (bytes: Uint8Array) => unknown]>([
    ['a .caffemodel', small, (bytes) => readCaffeModel(bytes, 'x.caffemodel')],
    [
      'a .caffemodel of before 2015',
      caffeModel(
        new Map([
          ['a.weight', tensor],
          ['a.bias', tensor],
        ]),
        { form: 'raw floats', old: true },
      ),
      (bytes) => readCaffeModel(bytes, 'x.caffemodel'),
    ],
    [
      'a .binaryproto',
      blobProto([1, 1, 2, 2], new Float32Array(4), 'doubles'),
      (bytes) => readBinaryProto(bytes, 'mean'),
    ],
  ])('%s', (_what, bytes, read) => {
    fc.assert(
      fc.property(mutated(bytes), (file) => {
        try {
          read(file);
        } catch (error) {
          expect(error).toBeInstanceOf(CommandError);
          expect((error as CommandError).code).toBe('weights_invalid');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('names what there is too much of', () => {
    const layers = Buffer.alloc(2_000_000, Buffer.from([0x12, 0x00]));
    expect(() => readCaffeModel(layers, 'x')).toThrow(
      'the .caffemodel has more than 20000 nodes, tensors and attributes',
    );
  });

  it('rejects sizes that don’t fit the numbers', () => {
    for (const shape of [[2 ** 31, 2 ** 31], [5], Array(400).fill(1)]) {
      expect(() => readBinaryProto(blobProto(shape, new Float32Array(4)), 'mean')).toThrow('mean has a blob [');
    }
  });
});
