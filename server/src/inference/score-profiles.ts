import { type Label, labelOf } from '@swipenet/shared/confidence.ts';
import { isPhotoError } from '@swipenet/shared/contract/errors.ts';
import { type Decided, type DecisionRule, decide } from '@swipenet/shared/decision.ts';
import type { EvidenceMap } from '@swipenet/shared/heat-map.ts';
import pLimit from 'p-limit';
import type { ProfileFiles } from '../image/files/photo-files.ts';
import { readPhotoFile } from '../image/files/read-photo-file.ts';
import type { EncodedPhoto } from '../image/photo-bytes.ts';
import { scorePhoto } from './score-photo.ts';
import type { ScoredPhoto, Scorer } from './scorer.ts';

/** The outcome of one photo file. */
export type ScoredFile =
  | { readonly path: string; readonly like: number; readonly label: Label }
  | { readonly path: string; readonly error: { readonly code: string; readonly message: string } };

/** The outcome of one profile: its photos in order, and the decision. */
export interface ScoredProfile {
  readonly path: string;
  readonly photos: readonly ScoredFile[];
  readonly decision: Decided;
}

/** How to score profiles. */
export interface ScoreProfilesOptions {
  readonly rule: DecisionRule;
  readonly photosAhead: number;
  /** Receives the evidence of each photo that gets a confidence, before its profile is yielded. */
  readonly onEvidence?: ((path: string, evidence: EvidenceMap) => void) | undefined;
}

/**
 * Scores profiles on disk and yields each as soon as it is complete, in order. At most `photosAhead` photos are in
 * memory at a time.
 *
 * @throws whatever {@link Scorer.score} throws. A file that can't be read or decoded is an `error` in its place
 *   instead.
 */
export async function* scoreProfiles(
  scorer: Pick<Scorer<EncodedPhoto>, 'score'>,
  profiles: readonly Pick<ProfileFiles, 'path' | 'photos'>[],
  { rule, photosAhead, onEvidence }: ScoreProfilesOptions,
): AsyncGenerator<ScoredProfile> {
  const reading = pLimit(photosAhead);
  const scoring = profiles.map(async ({ path, photos }): Promise<ScoredProfile> => {
    const files = await Promise.all(
      photos.map((photo) => reading(() => scoreFile(scorer, photo, { rule, onEvidence }))),
    );
    const likes = files.map((file) => ('error' in file ? null : file.like));
    return { path, photos: files, decision: decide({ likes, photoCount: photos.length, rule }) };
  });
  // A profile may fail while an earlier one is awaited. Its error surfaces when it is yielded.
  for (const profile of scoring) profile.catch(() => {});
  for (const profile of scoring) yield await profile;
}

async function scoreFile(
  scorer: Pick<Scorer<EncodedPhoto>, 'score'>,
  path: string,
  { rule, onEvidence }: Pick<ScoreProfilesOptions, 'rule' | 'onEvidence'>,
): Promise<ScoredFile> {
  const photo = await readAndScore(scorer, path);
  if ('error' in photo) return { path, error: { code: photo.error.code, message: photo.error.message } };
  onEvidence?.(path, [...photo.evidence]);
  return { path, like: photo.like, label: labelOf(photo.like, rule.threshold) };
}

async function readAndScore(scorer: Pick<Scorer<EncodedPhoto>, 'score'>, path: string): Promise<ScoredPhoto> {
  try {
    return await scorePhoto(scorer, await readPhotoFile(path));
  } catch (error) {
    if (isPhotoError(error)) return { error };
    throw error;
  }
}
