import { CommandError } from '../../command-error.ts';
import type { EncodedPhoto, GrayLevels, PhotoCrop } from '../../image/photo-bytes.ts';
import { centerCrop } from '../../image/preprocess.ts';
import type { Manifest } from '../../registry/manifest.ts';
import { findSourcePhotos, type Sources } from '../dataset/build/source-photos.ts';
import { openDataset } from '../dataset/dataset.ts';
import type { Part } from '../dataset/dataset-format.ts';
import { type LabeledPhoto, photosOfFiles, photosOfPart } from './evaluate.ts';

/** The photos to evaluate on: a split of a dataset, or folders of photos for each label. */
export interface EvaluationRequest {
  readonly data?: string | undefined;
  readonly part: Exclude<Part, 'training'>;
  readonly like?: readonly string[] | undefined;
  readonly nope?: readonly string[] | undefined;
}

/** Labeled photos, and how to preprocess them if they aren't files. */
export interface EvaluationSource extends AsyncDisposable {
  /** Where the photos come from, as `--json` reports it. */
  readonly about: Record<string, unknown>;
  readonly photos: readonly LabeledPhoto[];
  /** Files and folders that aren't evaluated on. */
  readonly leftOut: Sources['leftOut'];
  readonly preprocess?: (photo: EncodedPhoto | GrayLevels) => Promise<PhotoCrop>;
  /** Returns a warning if the photos and the model don't match. */
  readonly note?: (model: Manifest) => string | undefined;
}

/**
 * Opens the photos to evaluate a model on.
 *
 * @throws CommandError `option_invalid` if the request names no photos, or names them twice.
 * @throws the errors of opening the dataset or finding the photos.
 */
export async function openEvaluationSource({ data, part, like, nope }: EvaluationRequest): Promise<EvaluationSource> {
  if (data === undefined) {
    if (!like || !nope) throw new CommandError('option_invalid', 'pass either --data, or both --like and --nope');
    const { photos, leftOut } = await findSourcePhotos({ LIKE: like, NOPE: nope });
    return { about: { like, nope }, photos: photosOfFiles(photos), leftOut, [Symbol.asyncDispose]: async () => {} };
  }
  if (like || nope) throw new CommandError('option_invalid', 'pass either --data, or --like and --nope, but not both');
  const dataset = await openDataset(data);
  const photos = photosOfPart(dataset, part);
  const { head } = dataset;
  if (photos.length === 0) {
    await dataset[Symbol.asyncDispose]();
    throw new CommandError('option_invalid', `--part ${part}: the dataset ${data} has no ${part} set`);
  }
  return {
    about: { data, part },
    photos,
    leftOut: [],
    preprocess: async (levels) => centerCrop(levels as GrayLevels),
    note: ({ preprocessing: { resize } }) =>
      resize === head.resize
        ? undefined
        : `note: the dataset was built with --resize ${head.resize}, but the model serves photos with ${resize}`,
    [Symbol.asyncDispose]: () => dataset[Symbol.asyncDispose](),
  };
}
