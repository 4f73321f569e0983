import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Label } from '@swipenet/shared/confidence.ts';
import { isPhotoError } from '@swipenet/shared/contract/errors.ts';
import type { ResizeMode } from '@swipenet/shared/photo.ts';
import { seededRandom, shuffled } from '@swipenet/shared/random.ts';
import { CommandError } from '../command-error.ts';
import { sha256 } from '../files/sha256.ts';
import { decodePhoto } from '../image/decoding/decode.ts';
import { findProfiles, type LeftOutPath } from '../image/files/photo-files.ts';
import { readPhotoFile } from '../image/files/read-photo-file.ts';
import { type GrayLevels, grayLevels } from '../image/photo-bytes.ts';
import { type CalibrationMethod, GATE, type Quantization } from '../registry/quantization.ts';
import { type LeftOutReason, sameBytesAs } from '../training/dataset/build/selection.ts';
import { type Dataset, openDataset } from '../training/dataset/dataset.ts';
import { DATASET_FILES, type Part } from '../training/dataset/dataset-format.ts';
import { inOrder } from '../training/dataset/in-order.ts';

/** A photo, and its label if it is known. */
export interface QuantizationPhoto {
  readonly levels: GrayLevels;
  readonly label?: Label;
}

/** A file or folder that couldn't be read as a photo, or a copy of a photo. */
type LeftOutPhoto = Omit<LeftOutPath, 'reason'> & { readonly reason: LeftOutReason };

/** The photos for a quantization. No photo is in both lists, and no copy of one. */
export interface QuantizationPhotos {
  /** Photos that set the ranges. */
  readonly calibration: readonly QuantizationPhoto[];
  /** Photos that show how faithful the int8 model is. */
  readonly evaluation: readonly QuantizationPhoto[];
  /** SHA-256, in hex, of the dataset's index, or of the list of the calibration photos' hashes for a folder. */
  readonly indexSha256: string;
  /** Files and folders that couldn't be read as photos. */
  readonly leftOut: readonly LeftOutPhoto[];
}

/** Returns how calibration photos set ranges, for a manifest. */
export const calibrationOf = (
  { calibration, indexSha256 }: Pick<QuantizationPhotos, 'calibration' | 'indexSha256'>,
  method: CalibrationMethod,
): Quantization['calibration'] => ({ method, photos: calibration.length, indexSha256 });

/** How photos are chosen. */
export interface PhotoChoice {
  /** The largest number of calibration photos. */
  readonly calibration: number;
  /** How the model's photos are made square. */
  readonly resize: ResizeMode;
  readonly workers: number;
  readonly onProgress?: (done: number, total: number) => void;
}

const MAX_EVALUATION = 2000;

/** With fewer photos in a folder, neither the ranges nor the evaluation would mean anything. */
const MIN_PHOTOS = 8;

/** The random seed for shuffling photos. It is fixed, so the same photos are chosen every time. */
const SEED = 1;

/**
 * Reads photos from a dataset or a folder. From a dataset, the training set sets the ranges, and the test set (or else
 * the validation set) is for the evaluation. From a folder, at most half of the photos set the ranges.
 *
 * @throws CommandError `option_invalid` if the dataset's photos are resized differently, `path_without_photos` if there
 *   are too few, or what opening the dataset or the folder throws.
 */
export async function readQuantizationPhotos(folder: string, choice: PhotoChoice): Promise<QuantizationPhotos> {
  if (!existsSync(join(folder, DATASET_FILES.head))) return photosOfFolder(folder, choice);
  await using dataset = await openDataset(folder);
  const { resize } = dataset.head;
  if (resize !== choice.resize) {
    const message = `${folder} was built with --resize ${resize}, but the model’s photos are resized with ${choice.resize}`;
    throw new CommandError('option_invalid', message);
  }
  return await photosOfDataset(dataset, choice);
}

/**
 * Reads photos from an open dataset. If the evaluation would have fewer photos than the gate needs, it also takes half of
 * the training set. That is fair, because an int8 form isn't any closer to its model on photos that the model was trained
 * on. Labels are left out then, because the model has learned most of them.
 *
 * @throws CommandError `path_without_photos` if there are none for calibration or for evaluation.
 */
export async function photosOfDataset(
  dataset: Dataset,
  choice: Pick<PhotoChoice, 'calibration' | 'onProgress'>,
): Promise<QuantizationPhotos> {
  const all = (part: Part) => shuffled(seededRandom(SEED), dataset.numbersOf(part));
  const [training, validation, test] = [all('training'), all('validation'), all('test')];
  const heldOut = test.length > 0 ? test : validation;
  const few = heldOut.length < GATE.photos;
  const calibration = training.slice(0, few ? Math.min(choice.calibration, training.length >> 1) : choice.calibration);
  const more = few ? training.slice(calibration.length) : [];
  const numbers = { calibration, evaluation: [...heldOut, ...more].slice(0, MAX_EVALUATION) };
  for (const [use, chosen] of Object.entries(numbers)) {
    if (chosen.length === 0) throw new CommandError('path_without_photos', `the dataset has no photos for ${use}`);
  }
  const total = numbers.calibration.length + numbers.evaluation.length;
  let done = 0;
  const read = async (number: number, labeled: boolean): Promise<QuantizationPhoto> => {
    const levels = grayLevels();
    await dataset.readPhoto(number, levels);
    done += 1;
    choice.onProgress?.(done, total);
    return { levels, ...(labeled && { label: dataset.photos[number]!.label }) };
  };
  return {
    calibration: await Promise.all(numbers.calibration.map((number) => read(number, true))),
    evaluation: await Promise.all(numbers.evaluation.map((number) => read(number, !few))),
    indexSha256: dataset.head.sha256[DATASET_FILES.photos]!,
    leftOut: [],
  };
}

async function photosOfFolder(folder: string, choice: PhotoChoice): Promise<QuantizationPhotos> {
  const { profiles, leftOut: notRead } = await findProfiles([folder]);
  const files = profiles.flatMap(({ photos }) => photos);
  const chosen = shuffled(seededRandom(SEED), files).slice(0, choice.calibration + MAX_EVALUATION);
  const photos: QuantizationPhoto[] = [];
  const leftOut: LeftOutPhoto[] = [...notRead];
  const paths = new Map<string, string>(); // by the SHA-256 of each photo, in order
  let done = 0;
  for await (const outcome of inOrder(chosen, choice.workers, (path) => readOne(path, choice.resize))) {
    const same = outcome.sha256 !== undefined && paths.get(outcome.sha256);
    if (outcome.levels === undefined) leftOut.push(outcome);
    else if (same) leftOut.push({ path: outcome.path, reason: 'same_bytes', message: sameBytesAs(same) });
    else {
      photos.push({ levels: outcome.levels });
      paths.set(outcome.sha256, outcome.path);
    }
    done += 1;
    choice.onProgress?.(done, chosen.length);
  }
  if (photos.length < MIN_PHOTOS) {
    const message = `${folder} has ${photos.length} readable photos, but quantization needs at least ${MIN_PHOTOS}`;
    throw new CommandError('path_without_photos', message);
  }
  const count = Math.min(choice.calibration, Math.floor(photos.length / 2));
  return {
    calibration: photos.slice(0, count),
    evaluation: photos.slice(count),
    indexSha256: sha256([...paths.keys()].slice(0, count).toSorted().join('\n')),
    leftOut,
  };
}

async function readOne(path: string, resize: ResizeMode) {
  try {
    const bytes = await readPhotoFile(path);
    return { path, levels: await decodePhoto(bytes, resize), sha256: sha256(bytes) };
  } catch (error) {
    if (!isPhotoError(error)) throw error;
    return { path, reason: error.code, message: error.message };
  }
}
