import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Weights } from '@swipenet/server/googlenet/weights.ts';

// The files that DIGITS leaves, written by hand from caffe.proto and not with the tables of the import, so that a wrong
// number in these can't hide. OpenCV's Caffe importer reads them too.

/** How a blob is stored: today, before 2015, or in NVIDIA's Caffe. */
export type BlobForm = 'floats' | 'four sizes' | 'doubles' | 'raw floats' | 'raw halves';

/** A protobuf field of bytes. */
function field(id: number, ...pieces: readonly Uint8Array[]): Buffer {
  const bytes = Buffer.concat(pieces);
  return Buffer.concat([varint(id * 8 + 2), varint(bytes.length), bytes]);
}

const number = (id: number, value: number) => Buffer.concat([varint(id * 8), varint(value)]);

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

const raw = (numbers: Float32Array | Float64Array | Float16Array) =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);

/** A `BlobProto`. */
export function blobProto(shape: readonly number[], data: Float32Array, form: BlobForm = 'floats'): Buffer {
  if (form === 'four sizes') {
    const four = [...Array(4 - shape.length).fill(1), ...shape];
    return Buffer.concat([...four.map((size, index) => number(index + 1, size)), field(5, raw(data))]);
  }
  const sizes = field(7, field(1, ...shape.map(varint)));
  if (form === 'doubles') return Buffer.concat([sizes, field(8, raw(Float64Array.from(data)))]);
  if (form === 'raw floats') return Buffer.concat([sizes, number(10, 1), field(12, raw(data))]);
  if (form === 'raw halves') return Buffer.concat([sizes, number(10, 2), field(12, raw(Float16Array.from(data)))]);
  return Buffer.concat([sizes, field(5, raw(data))]);
}

/** Names of layers in the file, if they differ from Caffe's. */
type Renamed = (layer: string) => string;

const text = (id: number, value: string) => field(id, Buffer.from(value));

/** A `.caffemodel` with these weights, as layers of today or from before 2015. */
export function caffeModel(
  weights: Weights,
  {
    form = 'floats',
    old = false,
    renamed = (layer) => layer,
  }: { form?: BlobForm; old?: boolean; renamed?: Renamed } = {},
): Buffer {
  const layers = [...weights.keys()]
    .filter((name) => name.endsWith('.weight'))
    .map((name) => name.replace('.weight', ''));
  const [fields, ids] = old ? [2, { name: 4, blobs: 6 }] : [100, { name: 1, blobs: 7 }];
  const written = layers.map((layer) => {
    const blobs = ['weight', 'bias'].map((kind) => weights.get(`${layer}.${kind}`)!);
    const pieces = blobs.map(({ shape, data }) => field(ids.blobs, blobProto(shape, data, form)));
    // A parameter that the import doesn't read: the layer's type.
    return field(
      fields,
      text(ids.name, renamed(layer)),
      ...(old ? [number(5, 4)] : [text(2, 'Convolution')]),
      ...pieces,
    );
  });
  return Buffer.concat([text(1, 'GoogleNet'), ...written]);
}

const MODULES = ['3a', '3b', '4a', '4b', '4c', '4d', '4e', '5a', '5b'];

const V1_TYPES: Readonly<Record<string, string>> = {
  Convolution: 'CONVOLUTION',
  Pooling: 'POOLING',
  ReLU: 'RELU',
  Concat: 'CONCAT',
  Dropout: 'DROPOUT',
  InnerProduct: 'INNER_PRODUCT',
  Softmax: 'SOFTMAX',
};

/** DIGITS' `deploy.prototxt` for these weights, with its layers that work in place. */
export function deployPrototxt(
  weights: Weights,
  { old = false, renamed = (layer) => layer }: { old?: boolean; renamed?: Renamed } = {},
): string {
  const lines: string[] = [];
  const layer = (type: string, name: string, bottoms: readonly string[], top: string, parameters = '') => {
    const reads = bottoms.map((bottom) => `bottom: "${bottom}"`).join(' ');
    const [word, kind] = old ? ['layers', V1_TYPES[type] ?? type] : ['layer', `"${type}"`];
    lines.push(
      `${word} {\n  name: "${renamed(name)}"\n  type: ${kind}\n  ${reads}\n  top: "${top}"\n  ${parameters}\n}`,
    );
    return top;
  };
  const outputs = (name: string) => weights.get(`${name}.weight`)!.shape[0];
  const conv = (x: string, name: string, window: string) => {
    layer(
      'Convolution',
      name,
      [x],
      name,
      `convolution_param { num_output: ${outputs(name)} ${window} bias_filler { value: 0.2 } }`,
    );
    return layer('ReLU', `${name}/relu`, [name], name);
  };
  const pool = (x: string, name: string, window: string) =>
    layer('Pooling', name, [x], name, `pooling_param { ${window} }`);
  const norm = (x: string, name: string) =>
    layer('LRN', name, [x], name, 'lrn_param { local_size: 5 alpha: 0.0001 beta: 0.75 }');
  const channels = weights.get('conv1/7x7_s2.weight')!.shape[1];
  lines.push(
    old
      ? `input: "data" # one photo\n${[1, channels, 224, 224].map((size) => `input_dim: ${size}`).join('\n')}`
      : `input: "data"\ninput_shape {\n  dim: 1\n  dim: ${channels}\n  dim: 224\n  dim: 224\n}`,
  );
  const half = 'pool: MAX kernel_size: 3 stride: 2';
  let x = conv('data', 'conv1/7x7_s2', 'pad: 3 kernel_size: 7 stride: 2');
  x = norm(pool(x, 'pool1/3x3_s2', half), 'pool1/norm1');
  x = conv(conv(x, 'conv2/3x3_reduce', 'kernel_size: 1'), 'conv2/3x3', 'pad: 1 kernel_size: 3');
  x = pool(norm(x, 'conv2/norm2'), 'pool2/3x3_s2', half);
  for (const module of MODULES) {
    const name = (part: string) => `inception_${module}/${part}`;
    const branches = [
      conv(x, name('1x1'), 'kernel_size: 1'),
      conv(conv(x, name('3x3_reduce'), 'kernel_size: 1'), name('3x3'), 'pad: 1 kernel_size: 3'),
      conv(conv(x, name('5x5_reduce'), 'kernel_size: 1'), name('5x5'), 'pad: 2 kernel_size: 5'),
      conv(pool(x, name('pool'), 'pool: MAX kernel_size: 3 stride: 1 pad: 1'), name('pool_proj'), 'kernel_size: 1'),
    ];
    x = layer('Concat', name('output'), branches, name('output'));
    if (module === '3b') x = pool(x, 'pool3/3x3_s2', half);
    if (module === '4e') x = pool(x, 'pool4/3x3_s2', half);
    if (module === '4a') pool(x, 'loss1/ave_pool', 'pool: AVE kernel_size: 5 stride: 3'); // of an auxiliary classifier
  }
  x = pool(x, 'pool5/7x7_s1', 'pool: AVE kernel_size: 7 stride: 1');
  layer('Dropout', 'pool5/drop_7x7_s1', [x], x, 'dropout_param { dropout_ratio: 0.4 }');
  const classifier = 'loss3/classifier';
  layer('InnerProduct', classifier, [x], classifier, `inner_product_param { num_output: ${outputs(classifier)} }`);
  layer('Softmax', 'softmax', [classifier], 'softmax');
  return `name: "GoogleNet"\n${lines.join('\n')}\n`;
}

/** The data layers of `train_val.prototxt` with this `transform_param`. */
export const trainPrototxt = (transform: string): string =>
  ['TRAIN', 'TEST']
    .map((phase) => {
      const change = `transform_param {\n    mirror: ${phase === 'TRAIN'}\n    crop_size: 224\n    ${transform}\n  }`;
      const source =
        'data_param {\n    source: "/jobs/20171031-1200/train_db"\n    batch_size: 32\n    backend: LMDB\n  }';
      return `layer {\n  name: "data"\n  type: "Data"\n  top: "data"\n  top: "label"\n  include {\n    phase: ${phase}\n  }\n  ${change}\n  ${source}\n}`;
    })
    .join('\n');

/** What DIGITS writes about a job, as far as the import reads it. */
export const infoJson = (resize: string, side = 256): string =>
  JSON.stringify({ 'image dimensions': [side, side, 1], 'image resize mode': resize, framework: 'caffe' });

/** A mean image in which every pixel and every channel differs: `[1, channels, side, side]`. */
export function meanImage(channels = 1, side = 256): Float32Array {
  return Float32Array.from({ length: channels * side ** 2 }, (_, index) => {
    const [row, column] = [Math.floor(index / side) % side, index % side];
    return 90 + 20 * Math.sin(row / 40) + 15 * Math.cos(column / 25) + 5 * Math.floor(index / side ** 2);
  });
}

/** Writes files to a folder, and returns its path. */
export function snapshotFolder(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array | undefined>>,
): string {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files))
    if (content !== undefined) writeFileSync(join(folder, name), content);
  return folder;
}
