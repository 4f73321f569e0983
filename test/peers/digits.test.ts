import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Weights } from '@swipenet/server/googlenet/weights.ts';
import { openSession } from '@swipenet/server/runtime/session.ts';
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
} from '../support/caffe-files.ts';
import { findOpenCv, OPENCV_ADVICE, scoreWithOpenCv } from '../support/opencv.ts';
import { seededRandom } from '../support/random.ts';
import { randomWeights } from '../support/random-weights.ts';
import { runSwipenet } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// Snapshots as DIGITS leaves them, imported by the command and scored by ONNX Runtime, against OpenCV's reading of the same
// files.

const python = findOpenCv();
if (!python && process.env.CI) throw new Error(`the DIGITS test cannot run: ${OPENCV_ADVICE}`);
if (!python) console.warn(`the DIGITS test is skipped: ${OPENCV_ADVICE}`);

const PHOTOS = 3;
const AREA = 224 ** 2;
const weights = randomWeights(11);
const random = seededRandom(4);
/** Gray levels `[3, 224, 224]`: noise of different brightness. */
const levels = Uint8Array.from({ length: PHOTOS * AREA }, (_, index) => {
  return Math.floor(random() * 60) + 65 * Math.floor(index / AREA);
});

/** The center of the mean image, 224 × 224 of 256 × 256. */
const center = (image: Float32Array) =>
  Float32Array.from({ length: AREA }, (_, pixel) => image[(Math.floor(pixel / 224) + 16) * 256 + (pixel % 224) + 16]!);

/** The same photos in color, with the same level in each channel, minus each channel's level. */
const inColor = (means: readonly number[]) =>
  Float32Array.from({ length: PHOTOS * 3 * AREA }, (_, index) => {
    const [photo, channel] = [Math.floor(index / (3 * AREA)), Math.floor(index / AREA) % 3];
    return levels[photo * AREA + (index % AREA)]! - means[channel]!;
  });

/** Imports a folder with the command, and returns the NOPE and LIKE confidences of the photos, `[3][2]`. */
async function imported(folder: string, ...flags: string[]): Promise<{ confidences: number[][]; stdout: string }> {
  const home = temporaryFolder();
  const command = ['models', 'import', folder, '--id', 'digits', '--description', 'made by a test', ...flags];
  const { code, stdout, stderr } = await runSwipenet(command, { home, cwd: home }).ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const model = readFileSync(join(home, 'models', 'digits', 'model.onnx'));
  const session = await openSession({ model, device: 'cpu', threads: 1 });
  const { confidence } = await session.run({ photos: { data: levels, shape: [PHOTOS, 1, 224, 224] } });
  await session.close();
  const numbers = [...confidence!.data];
  return { confidences: Array.from({ length: PHOTOS }, (_, photo) => numbers.slice(2 * photo, 2 * photo + 2)), stdout };
}

/** Checks that confidences agree to 1e-4, and that the photos differ by much more. */
function expectSame(ours: readonly number[][], theirs: readonly number[][]): void {
  const likes = theirs.map(([, like]) => like!);
  expect(Math.max(...likes) - Math.min(...likes)).toBeGreaterThan(0.01);
  const differences = ours.flat().map((confidence, index) => Math.abs(confidence - theirs.flat()[index]!));
  expect(Math.max(...differences)).toBeLessThan(1e-4);
}

const files = (form: BlobForm, old = false, renamed?: (layer: string) => string) => ({
  'snapshot_iter_100.caffemodel': caffeModel(weights, { form, old, ...(renamed && { renamed }) }),
  'deploy.prototxt': deployPrototxt(weights, { old, ...(renamed && { renamed }) }),
});

describe.skipIf(!python)('a snapshot of DIGITS gives the confidences that OpenCV computes', () => {
  it('with the mean image and LIKE first, as the article trained it', async () => {
    const image = meanImage();
    const folder = snapshotFolder(temporaryFolder(), {
      ...files('floats'),
      'mean.binaryproto': blobProto([1, 1, 256, 256], image, 'four sizes'),
      'labels.txt': 'LIKE\nNOPE\n',
      'train_val.prototxt': trainPrototxt('mean_file: "/jobs/20171031-1100/mean.binaryproto"'),
      'info.json': infoJson('squash'),
    });
    const crop = center(image);
    const theirs = scoreWithOpenCv(
      python!,
      folder,
      Float32Array.from(levels, (level, index) => level - crop[index % AREA]!),
      1,
    );
    const { confidences, stdout } = await imported(folder);
    expectSame(
      confidences,
      theirs.map((classes) => classes.toReversed()),
    );
    expect(stdout).toContain(
      'labels.txt: LIKE is LIKE, NOPE is NOPE\nmean.binaryproto: the mean image is subtracted\ninfo.json: squash, which is --resize squash\n',
    );
  });

  it.each<[string, BlobForm, boolean]>([
    ['in the layers and blobs of Caffe before 2015', 'four sizes', true],
    ['in raw halves of NVIDIA’s Caffe', 'raw halves', false],
  ])('%s, with a mean level and other labels', async (_what, form, old) => {
    const folder = snapshotFolder(temporaryFolder(), {
      ...files(form, old, (layer) => (layer === 'loss3/classifier' ? 'my/classifier' : layer)),
      'labels.txt': 'cold\r\nhot\r\n',
      'train_val.prototxt': trainPrototxt('mean_value: 114.5'),
    });
    const theirs = scoreWithOpenCv(
      python!,
      folder,
      Float32Array.from(levels, (level) => level - 114.5),
      1,
    );
    const { confidences } = await imported(folder, '--resize', 'cover', '--like', 'hot');
    expectSame(confidences, theirs);
  });

  it('for color photos, whose borders alone differ by the colors of the mean', async () => {
    const tensor = weights.get('conv1/7x7_s2.weight')!;
    // A third of the kernel for each color, and the same mean level for all, so that even the borders agree.
    const data = Float32Array.from({ length: 3 * tensor.data.length }, (_, index) => {
      return tensor.data[Math.floor(index / 147) * 49 + (index % 49)]! / 3;
    });
    const color: Weights = new Map([...weights, ['conv1/7x7_s2.weight', { shape: [64, 3, 7, 7], data }]]);
    const folder = snapshotFolder(temporaryFolder(), {
      'snapshot_iter_100.caffemodel': caffeModel(color),
      'deploy.prototxt': deployPrototxt(color),
      'labels.txt': 'nope\nyes\n',
      'train_val.prototxt': trainPrototxt('mean_value: 110 mean_value: 110 mean_value: 110'),
    });
    const theirs = scoreWithOpenCv(python!, folder, inColor([110, 110, 110]), 3);
    const { confidences } = await imported(folder, '--resize', 'squash');
    expectSame(confidences, theirs);
  });
});
