import type { Label } from '@swipenet/shared/confidence.ts';
import { isPhotoError, type SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { DecisionRule } from '@swipenet/shared/decision.ts';
import { sha256 } from '../../files/sha256.ts';
import { readPhotoFile } from '../../image/files/read-photo-file.ts';
import { type EncodedPhoto, type GrayLevels, grayLevels } from '../../image/photo-bytes.ts';
import type { SourcePhoto } from '../dataset/build/source-photos.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { Part } from '../dataset/dataset-format.ts';
import { photoId } from '../dataset/dataset-format.ts';
import { inOrder } from '../dataset/in-order.ts';
import {
  type EvaluatedPhoto,
  type PhotoMetrics,
  type ProfileMetrics,
  photoMetrics,
  profileMetrics,
} from './metrics.ts';

/** A labeled photo that isn't scored yet. */
export interface LabeledPhoto {
  readonly path: string;
  readonly label: Label;
  readonly profile: number;
  /** Its ID in a dataset. That of a file is known once it is read. */
  readonly id?: string;
  /** Reads what the scorer accepts: the bytes of a file, or the gray levels of a dataset. */
  readonly read: () => Promise<EncodedPhoto | GrayLevels>;
}

/** A photo's file, its ID, and its LIKE confidence. */
export interface ScoredPhoto extends EvaluatedPhoto {
  readonly path: string;
  readonly id: string;
}

/** The result of an evaluation. */
export interface Evaluation {
  /** The metrics of all profiles. A profile with a failed photo may be on hold. */
  readonly profiles: ProfileMetrics;
  /** The metrics of the photos that could be scored, at the rule's threshold. */
  readonly photos: PhotoMetrics;
  /** The scored photos, in order. */
  readonly scored: readonly ScoredPhoto[];
  readonly failed: readonly { readonly path: string; readonly code: string; readonly message: string }[];
}

/** How to score photos. */
export interface EvaluateOptions {
  /** Returns a photo's LIKE confidence, or the error if the photo is at fault. */
  readonly score: (
    photo: EncodedPhoto | GrayLevels,
  ) => Promise<{ readonly like: number } | { readonly error: SwipenetError }>;
  /** How to decide each profile. */
  readonly rule: DecisionRule;
  /** The number of photos to score in parallel. */
  readonly workers: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Scores labeled photos and computes the metrics. Errors of a photo go into `failed`; other errors are thrown. */
export async function evaluate(photos: readonly LabeledPhoto[], options: EvaluateOptions): Promise<Evaluation> {
  const { rule, workers, onProgress } = options;
  const scored: ScoredPhoto[] = [];
  const failed: { path: string; code: string; message: string }[] = [];
  const profiles = new Map<number, { label: Label; likes: (number | null)[] }>();
  let done = 0;
  for await (const outcome of inOrder(photos, workers, (photo) => scoreOne(photo, options.score))) {
    const { path, label, profile } = photos[done]!;
    const known = profiles.get(profile) ?? { label, likes: [] };
    profiles.set(profile, known);
    if ('like' in outcome) scored.push({ path, id: outcome.id, label, like: outcome.like });
    else failed.push({ path, code: outcome.error.code, message: outcome.error.message });
    known.likes.push('like' in outcome ? outcome.like : null);
    done += 1;
    onProgress?.(done, photos.length);
  }
  return {
    profiles: profileMetrics([...profiles.values()], rule),
    photos: photoMetrics(scored, rule.threshold),
    scored,
    failed,
  };
}

/** Returns the photos of a split. Reading one returns `[256, 256]` gray levels. */
export function photosOfPart(dataset: Dataset, part: Part): LabeledPhoto[] {
  return dataset.numbersOf(part).map((number) => ({
    ...dataset.photos[number]!,
    read: async () => {
      const levels = grayLevels();
      await dataset.readPhoto(number, levels);
      return levels;
    },
  }));
}

/** Wraps photo files. Reading one returns its bytes. */
export function photosOfFiles(files: readonly SourcePhoto[]): LabeledPhoto[] {
  return files.map((file) => ({ ...file, read: () => readPhotoFile(file.path) }));
}

async function scoreOne(photo: LabeledPhoto, score: EvaluateOptions['score']) {
  try {
    const content = await photo.read();
    return { ...(await score(content)), id: photo.id ?? photoId(sha256(content)) };
  } catch (error) {
    if (isPhotoError(error)) return { error };
    throw error;
  }
}
