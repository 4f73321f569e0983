import { systemClock } from '@swipenet/server/clock.ts';
import { EMBEDDED_MODEL } from '@swipenet/server/config/embedded-model.ts';
import { cores } from '@swipenet/server/config/machine.ts';
import { decodePhoto } from '@swipenet/server/image/decoding/decode.ts';
import { encodedPhoto, grayLevels } from '@swipenet/server/image/photo-bytes.ts';
import { centerCrop } from '@swipenet/server/image/preprocess.ts';
import { openScorer } from '@swipenet/server/inference/open-scorer.ts';
import { scorePhoto } from '@swipenet/server/inference/score-photo.ts';
import { formsOf } from '@swipenet/server/registry/choose-precision.ts';
import { loadServedModel } from '@swipenet/server/registry/model-registry.ts';
import { DEFAULT_THRESHOLD, labelOf } from '@swipenet/shared/confidence.ts';
import type { ResizeMode } from '@swipenet/shared/photo.ts';

/** How photos that a browser has prepared compare with those that the server prepares, in one resize mode. */
export interface Agreement {
  readonly photos: number;
  /** How many have the same verdict at the threshold of 40%. */
  readonly sameVerdicts: number;
  /** Differences of the LIKE confidence: their mean, and the largest. */
  readonly meanDifference: number;
  readonly largestDifference: number;
  /** The mean difference of a gray level, of 255. */
  readonly meanLevels: number;
}

/** Scores gray levels with the embedded model, as a server on the CPU does. */
export interface GrayScorer {
  readonly like: (levels: Uint8Array) => Promise<number>;
  readonly close: () => Promise<void>;
}

export async function openGrayScorer(): Promise<GrayScorer> {
  const folders = [EMBEDDED_MODEL.folder];
  const { scorer, close } = await openScorer<Uint8Array>({
    ...{ choice: 'cpu', cores, clock: systemClock },
    modelOn: formsOf(await loadServedModel(folders, EMBEDDED_MODEL.id), folders, 'auto'),
    preprocess: async (levels) => centerCrop(grayLevels(levels)),
  });
  const like = async (levels: Uint8Array) => {
    const scored = await scorePhoto(scorer, levels);
    if ('error' in scored) throw scored.error;
    return scored.like;
  };
  return { like, close };
}

/** Compares photos as a browser prepared them with the server's own preparation. */
export async function compare(
  photos: readonly { readonly bytes: Uint8Array; readonly levels: Uint8Array }[],
  mode: ResizeMode,
  { like }: GrayScorer,
): Promise<Agreement> {
  const differences: number[] = [];
  let [sameVerdicts, levelsOff] = [0, 0];
  for (const { bytes, levels } of photos) {
    const servers = await decodePhoto(encodedPhoto(bytes), mode);
    const [own, expected] = await Promise.all([like(levels), like(servers)]);
    differences.push(Math.abs(own - expected));
    if (labelOf(own, DEFAULT_THRESHOLD) === labelOf(expected, DEFAULT_THRESHOLD)) sameVerdicts += 1;
    levelsOff += levels.reduce((sum, level, at) => sum + Math.abs(level - servers[at]!), 0) / levels.length;
  }
  return {
    ...{ photos: photos.length, sameVerdicts },
    meanDifference: differences.reduce((sum, one) => sum + one, 0) / photos.length,
    largestDifference: Math.max(...differences),
    meanLevels: levelsOff / photos.length,
  };
}
