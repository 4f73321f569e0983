import { CROP_SIZE, DECODED_SIZE, type ResizeMode } from '@swipenet/shared/photo.ts';
import * as z from 'zod';
import { CommandError } from '../../command-error.ts';
import { type Blob, readBinaryProto } from './messages.ts';
import { messagesOf, numberOf, numbersOf, type Prototxt, parsePrototxt, textOf } from './prototxt.ts';
import type { CaffeSnapshot } from './snapshot.ts';

/** What a snapshot's files say about its input and output. Whatever they leave open is undefined. */
export interface SnapshotFacts {
  /** One level, one per channel, or an image of each channel, 224 × 224. */
  readonly mean: ArrayLike<number> | undefined;
  /** Whether a file says what is subtracted. Otherwise, `mean` is only there. */
  readonly meanIsStated: boolean;
  /** What photos are divided by after the mean is subtracted. */
  readonly divisor: number;
  readonly resize: ResizeMode | undefined;
  readonly labels: readonly string[] | undefined;
  /** One sentence per fact, with the file that says it. */
  readonly sentences: readonly string[];
}

/**
 * Reads what a snapshot's files say besides the network.
 *
 * @param channels 1 for gray, 3 for color.
 * @throws CommandError `weights_invalid`.
 */
export function snapshotFacts({ labels, mean, training, info }: CaffeSnapshot, channels: number): SnapshotFacts {
  const transform = training === undefined ? undefined : transformOf(parsePrototxt(training, 'train_val.prototxt'));
  const subtracted = subtraction(transform, mean, channels);
  const scale = numberOf(transform, 'scale', 1);
  if (!(scale >= 1e-3 && scale <= 1e3)) throw invalid(`train_val.prototxt has the scale ${scale}`);
  const crop = numberOf(transform, 'crop_size', CROP_SIZE);
  if (crop !== CROP_SIZE) throw invalid(`train_val.prototxt crops photos to ${crop}, expected ${CROP_SIZE}`);
  const { resize, sentence } = infoFacts(info);
  const names = labels?.split('\n').flatMap((line) => line.trim() || []);
  if (names?.some((name) => name.length > MAX_LABEL)) {
    throw invalid(`labels.txt has a label of more than ${MAX_LABEL} characters`);
  }
  return {
    ...subtracted,
    divisor: 1 / scale,
    resize,
    labels: names,
    sentences: [...subtracted.sentences, ...sentence],
  };
}

/** Labels are names of folders, whose names have 255 characters at most. */
const MAX_LABEL = 255;

const invalid = (message: string) => new CommandError('weights_invalid', message);

/**
 * Returns how the layers that read photos change them, or undefined if there are none. All of them have to agree: one is
 * for training and one for validation.
 */
function transformOf(net: Prototxt): Prototxt | undefined {
  const readers = messagesOf(net, 'layer').filter((layer) => /Data$/.test(textOf(layer, 'type') ?? ''));
  const transforms = readers.map((layer) => messagesOf(layer, 'transform_param').at(-1) ?? new Map());
  const relevant = (transform: Prototxt) =>
    JSON.stringify(['mean_file', 'mean_value', 'scale', 'crop_size'].map((field) => transform.get(field) ?? []));
  if (new Set(transforms.map(relevant)).size > 1) {
    throw invalid('train_val.prototxt prepares photos for training and for validation in different ways');
  }
  return transforms[0];
}

type Subtraction = Pick<SnapshotFacts, 'mean' | 'meanIsStated' | 'sentences'>;

function subtraction(transform: Prototxt | undefined, file: Uint8Array | undefined, channels: number): Subtraction {
  const levels = numbersOf(transform, 'mean_value');
  if (levels.length > 0) {
    if (levels.length !== 1 && levels.length !== channels) {
      throw invalid(`train_val.prototxt subtracts ${levels.length} levels, but the network has ${channels} channels`);
    }
    return { mean: levels, meanIsStated: true, sentences: [`train_val.prototxt: ${levels.join(', ')} is subtracted`] };
  }
  if (transform && textOf(transform, 'mean_file') === undefined) {
    return { mean: [0], meanIsStated: true, sentences: ['train_val.prototxt: nothing is subtracted'] };
  }
  if (!file && transform) {
    throw invalid('train_val.prototxt subtracts a mean image. Put that mean.binaryproto next to it');
  }
  if (!file) return { mean: undefined, meanIsStated: false, sentences: [] };
  const image = meanImage(readBinaryProto(file, 'mean.binaryproto'), channels);
  return {
    mean: image,
    meanIsStated: transform !== undefined,
    sentences: ['mean.binaryproto: the mean image is subtracted'],
  };
}

/**
 * Crops the center of each channel's mean image, as Caffe does for validation.
 *
 * @returns `[channels, 224, 224]`
 */
function meanImage({ shape, data }: Blob, channels: number): Float32Array {
  const [height, width] = shape.slice(-2);
  const side = height ?? 0;
  if (data.length !== channels * side * side || width !== side || ![CROP_SIZE, DECODED_SIZE].includes(side)) {
    const expected = `[1,${channels},${DECODED_SIZE},${DECODED_SIZE}]`;
    throw invalid(`mean.binaryproto has the sizes [${shape}], expected ${expected}`);
  }
  const margin = (side - CROP_SIZE) / 2;
  const crop = new Float32Array(channels * CROP_SIZE ** 2);
  for (let row = 0; row < channels * CROP_SIZE; row += 1) {
    const channel = Math.floor(row / CROP_SIZE);
    const begin = (channel * side + margin + (row % CROP_SIZE)) * side + margin;
    crop.set(data.subarray(begin, begin + CROP_SIZE), row * CROP_SIZE);
  }
  return crop;
}

const infoSchema = z.object({
  'image resize mode': z.string().max(100).optional(),
  'image dimensions': z.array(z.number()).max(4).optional(),
});

/** DIGITS' resize modes that Swipenet has too. */
const RESIZE: Readonly<Record<string, ResizeMode>> = { squash: 'squash', crop: 'cover' };

function infoFacts(text: string | undefined): { resize: ResizeMode | undefined; sentence: readonly string[] } {
  if (text === undefined) return { resize: undefined, sentence: [] };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new CommandError('weights_invalid', 'info.json is not JSON', { cause });
  }
  const parsed = infoSchema.safeParse(json);
  if (!parsed.success) throw invalid('info.json has other fields than DIGITS writes');
  const { 'image resize mode': mode, 'image dimensions': [height, width = height] = [] } = parsed.data;
  if (height !== undefined && (height !== DECODED_SIZE || width !== DECODED_SIZE)) {
    const sizes = `${DECODED_SIZE} × ${DECODED_SIZE}`;
    throw invalid(
      `info.json: the network was trained on photos of ${height} × ${width}, and Swipenet makes them ${sizes}`,
    );
  }
  const resize = mode === undefined ? undefined : RESIZE[mode];
  return { resize, sentence: resize ? [`info.json: ${mode}, which is --resize ${resize}`] : [] };
}
