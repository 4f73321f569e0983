import type { Label } from '@swipenet/shared/confidence.ts';
import { isPhotoError, type SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { type EncodedPhoto, type GrayLevels, grayLevels } from '../../image/photo-bytes.ts';
import { readPhotoFile } from '../../image/read-photo-file.ts';
import type { SourcePhoto } from '../dataset/build/source-photos.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { Part } from '../dataset/dataset-format.ts';
import { inOrder } from '../dataset/in-order.ts';
import { type JudgedPhoto, type PhotoMetrics, type ProfileMetrics, photoMetrics, profileMetrics } from './metrics.ts';

/** A photo whose label is known and that is yet to be scored. */
export interface LabelledPhoto {
  readonly path: string;
  readonly label: Label;
  readonly profile: number;
  /** What the scorer takes: the bytes of a file, or the gray levels of a data set. */
  readonly read: () => Promise<EncodedPhoto | GrayLevels>;
}

/** What a model was found to be worth. */
export interface Evaluation {
  /** Of the photos that could be scored. */
  readonly photos: PhotoMetrics;
  /** Of all profiles; one with a photo that failed may be held. */
  readonly profiles: ProfileMetrics;
  /** Every photo that was scored, in order. */
  readonly scored: readonly (JudgedPhoto & { readonly path: string })[];
  readonly failed: readonly { readonly path: string; readonly code: string; readonly message: string }[];
}

/** How photos are scored. */
export interface EvaluateOptions {
  /** A photo's LIKE confidence, or what is wrong with it. */
  readonly score: (
    photo: EncodedPhoto | GrayLevels,
  ) => Promise<{ readonly like: number } | { readonly error: SwipenetError }>;
  readonly threshold: number;
  /** Photos on their way at once. */
  readonly workers: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Scores photos whose labels are known and counts. Throws what `score` throws: a photo's own fault is in `failed`. */
export async function evaluate(photos: readonly LabelledPhoto[], options: EvaluateOptions): Promise<Evaluation> {
  const { threshold, workers, onProgress } = options;
  const scored: (JudgedPhoto & { path: string })[] = [];
  const failed: { path: string; code: string; message: string }[] = [];
  const profiles = new Map<number, { label: Label; likes: (number | null)[] }>();
  let done = 0;
  for await (const outcome of inOrder(photos, workers, (photo) => scoreOne(photo, options.score))) {
    const { path, label, profile } = photos[done]!;
    const known = profiles.get(profile) ?? { label, likes: [] };
    profiles.set(profile, known);
    if ('like' in outcome) scored.push({ path, label, like: outcome.like });
    else failed.push({ path, code: outcome.error.code, message: outcome.error.message });
    known.likes.push('like' in outcome ? outcome.like : null);
    done += 1;
    onProgress?.(done, photos.length);
  }
  return {
    photos: photoMetrics(scored, threshold),
    profiles: profileMetrics([...profiles.values()], threshold),
    scored,
    failed,
  };
}

/** The photos of a part of a data set; each is read as `[256, 256]` gray levels. */
export function photosOfPart(dataset: Dataset, part: Part): LabelledPhoto[] {
  return dataset.numbersOf(part).map((number) => ({
    ...dataset.photos[number]!,
    read: async () => {
      const levels = grayLevels();
      await dataset.readPhoto(number, levels);
      return levels;
    },
  }));
}

/** Photo files; each is read as it is. */
export function photosOfFiles(files: readonly SourcePhoto[]): LabelledPhoto[] {
  return files.map((file) => ({ ...file, read: () => readPhotoFile(file.path) }));
}

async function scoreOne(photo: LabelledPhoto, score: EvaluateOptions['score']) {
  try {
    return await score(await photo.read());
  } catch (error) {
    if (isPhotoError(error)) return { error };
    throw error;
  }
}
