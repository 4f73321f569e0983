import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Label } from '@swipenet/shared/confidence.ts';
import { isPhotoError } from '@swipenet/shared/contract/errors.ts';
import type { ResizeMode } from '@swipenet/shared/photo.ts';
import { seededRandom, shuffled } from '@swipenet/shared/random.ts';
import { CommandError } from '../command-error.ts';
import { sha256 } from '../files/sha256.ts';
import { decodePhoto } from '../image/decode.ts';
import { type GrayLevels, grayLevels } from '../image/photo-bytes.ts';
import { findProfiles } from '../image/photo-files.ts';
import { readPhotoFile } from '../image/read-photo-file.ts';
import { GATE } from '../registry/quantization.ts';
import { type Dataset, openDataset } from '../training/dataset/dataset.ts';
import { DATASET_FILES, type Part } from '../training/dataset/dataset-format.ts';
import { inOrder } from '../training/dataset/in-order.ts';

/** A photo, and its label where it is known. */
export interface QuantizationPhoto {
  readonly levels: GrayLevels;
  readonly label?: Label;
}

/** What a quantization looks at. No photo is in both. */
export interface QuantizationPhotos {
  /** They set the ranges. */
  readonly calibration: readonly QuantizationPhoto[];
  /** They say how faithful the int8 model is. */
  readonly judging: readonly QuantizationPhoto[];
  /** SHA-256 of the data set's index; of a folder, that of the list of its photos' hashes; in hex. */
  readonly indexSha256: string;
  /** Files that could not be read as photos. */
  readonly failed: readonly { readonly path: string; readonly message: string }[];
}

/** How photos are chosen. */
export interface PhotoChoice {
  /** Photos that set ranges; fewer where there are fewer. */
  readonly calibration: number;
  /** How a folder's files become squares: as the model's photos do. */
  readonly resize: ResizeMode;
  readonly workers: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Most photos that judge. */
const MOST_JUDGING = 2000;

/** With fewer photos of a folder nothing could be said of either. */
const LEAST_PHOTOS = 8;

/** Of the order in which photos are taken: always the same. */
const SEED = 1;

/**
 * Reads photos from a data set, the training part for ranges and the test part (else the validation part) to judge, or
 * from a folder, half of it at most for ranges.
 *
 * @throws CommandError what opening either throws; `option_invalid` for a data set of another way of resizing;
 *   `path_without_photos` for too few.
 */
export async function readQuantizationPhotos(folder: string, choice: PhotoChoice): Promise<QuantizationPhotos> {
  if (!existsSync(join(folder, DATASET_FILES.head))) return ofFolder(folder, choice);
  await using dataset = await openDataset(folder);
  const { resize } = dataset.head;
  if (resize !== choice.resize) {
    const message = `${folder} was made with --resize ${resize}, the model’s photos become squares by ${choice.resize}`;
    throw new CommandError('option_invalid', message);
  }
  return await ofDataset(dataset, choice);
}

/**
 * The same from a data set that is open. Where the part that judges is smaller than what the gate asks for, half of the
 * training part judges too: that the model learnt from them makes its int8 form no more like it. Their labels it knows, so
 * no photo is given one then. Throws CommandError
 * `path_without_photos` where a part is empty.
 */
export async function ofDataset(
  dataset: Dataset,
  choice: Pick<PhotoChoice, 'calibration' | 'onProgress'>,
): Promise<QuantizationPhotos> {
  const all = (part: Part) => shuffled(seededRandom(SEED), dataset.numbersOf(part));
  const [training, validation, test] = [all('training'), all('validation'), all('test')];
  const judges = test.length > 0 ? test : validation;
  const few = judges.length < GATE.photos;
  const calibration = training.slice(0, few ? Math.min(choice.calibration, training.length >> 1) : choice.calibration);
  const more = few ? training.slice(calibration.length) : [];
  const numbers = { calibration, judging: [...judges, ...more].slice(0, MOST_JUDGING) };
  for (const [use, chosen] of Object.entries(numbers)) {
    if (chosen.length === 0) throw new CommandError('path_without_photos', `the data set has no photo for ${use}`);
  }
  const total = numbers.calibration.length + numbers.judging.length;
  let done = 0;
  const read = async (number: number, labelled: boolean): Promise<QuantizationPhoto> => {
    const levels = grayLevels();
    await dataset.readPhoto(number, levels);
    done += 1;
    choice.onProgress?.(done, total);
    return { levels, ...(labelled && { label: dataset.photos[number]!.label }) };
  };
  return {
    calibration: await Promise.all(numbers.calibration.map((number) => read(number, true))),
    judging: await Promise.all(numbers.judging.map((number) => read(number, !few))),
    indexSha256: dataset.head.sha256[DATASET_FILES.photos]!,
    failed: [],
  };
}

async function ofFolder(folder: string, choice: PhotoChoice): Promise<QuantizationPhotos> {
  const { profiles } = await findProfiles([folder]);
  const files = profiles.flatMap(({ photos }) => photos);
  const most = choice.calibration + MOST_JUDGING;
  const taken = shuffled(seededRandom(SEED), files).slice(0, most);
  const photos: QuantizationPhoto[] = [];
  const failed: { path: string; message: string }[] = [];
  const hashes: string[] = [];
  let done = 0;
  for await (const outcome of inOrder(taken, choice.workers, (path) => readOne(path, choice.resize))) {
    if (outcome.levels === undefined) failed.push(outcome);
    else {
      photos.push({ levels: outcome.levels });
      hashes.push(outcome.sha256);
    }
    done += 1;
    choice.onProgress?.(done, taken.length);
  }
  if (photos.length < LEAST_PHOTOS) {
    const message = `${folder} has ${photos.length} photos that can be read; ${LEAST_PHOTOS} are the least to quantize with`;
    throw new CommandError('path_without_photos', message);
  }
  const count = Math.min(choice.calibration, Math.floor(photos.length / 2));
  return {
    calibration: photos.slice(0, count),
    judging: photos.slice(count),
    indexSha256: sha256(hashes.slice(0, count).toSorted().join('\n')),
    failed,
  };
}

async function readOne(path: string, resize: ResizeMode) {
  try {
    const bytes = await readPhotoFile(path);
    return { levels: await decodePhoto(bytes, resize), sha256: sha256(bytes) };
  } catch (error) {
    if (!isPhotoError(error)) throw error;
    return { path, message: error.message };
  }
}
