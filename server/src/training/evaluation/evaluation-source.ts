import { CommandError } from '../../command-error.ts';
import type { EncodedPhoto, GrayLevels, PhotoCrop } from '../../image/photo-bytes.ts';
import { centerCrop } from '../../image/preprocess.ts';
import type { Manifest } from '../../registry/manifest.ts';
import { findSourcePhotos } from '../dataset/build/source-photos.ts';
import { openDataset } from '../dataset/dataset.ts';
import type { Part } from '../dataset/dataset-format.ts';
import { type LabelledPhoto, photosOfFiles, photosOfPart } from './evaluate.ts';

/** What is asked for: a part of a data set, or folders of photos of each label. */
export interface EvaluationRequest {
  readonly data?: string | undefined;
  readonly part: Exclude<Part, 'training'>;
  readonly like?: readonly string[] | undefined;
  readonly nope?: readonly string[] | undefined;
}

/** Photos whose labels are known, and how they become the network's input if they are not files. */
export interface EvaluationSource extends AsyncDisposable {
  /** What the photos are from; goes into the answer. */
  readonly about: Record<string, unknown>;
  readonly photos: readonly LabelledPhoto[];
  readonly preprocess?: (photo: EncodedPhoto | GrayLevels) => Promise<PhotoCrop>;
  /** What the caller should know about it and a model. */
  readonly note?: (model: Manifest) => string | undefined;
}

/**
 * Opens the photos to evaluate a model on.
 *
 * @throws CommandError `option_invalid` for neither or both; what opening the data set or finding the photos throws.
 */
export async function openEvaluationSource({ data, part, like, nope }: EvaluationRequest): Promise<EvaluationSource> {
  if (data === undefined) {
    if (!like || !nope) throw new CommandError('option_invalid', 'either --data, or --like and --nope, must be given');
    const { photos } = await findSourcePhotos({ LIKE: like, NOPE: nope });
    return { about: { like, nope }, photos: photosOfFiles(photos), [Symbol.asyncDispose]: async () => {} };
  }
  if (like || nope) throw new CommandError('option_invalid', '--data and --like, --nope exclude each other');
  const dataset = await openDataset(data);
  const photos = photosOfPart(dataset, part);
  const { head } = dataset;
  if (photos.length === 0) {
    await dataset[Symbol.asyncDispose]();
    throw new CommandError('option_invalid', `--part ${part}: the data set ${data} has no ${part} part`);
  }
  return {
    about: { data, part },
    photos,
    preprocess: async (levels) => centerCrop(levels as GrayLevels),
    note: ({ preprocessing: { resize } }) =>
      resize === head.resize
        ? undefined
        : `note: the data set was made with --resize ${head.resize}, the model serves photos with ${resize}`,
    [Symbol.asyncDispose]: () => dataset[Symbol.asyncDispose](),
  };
}
