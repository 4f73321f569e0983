import { FEATURE_COUNT } from './feature-model.ts';

/**
 * Returns each photo's first crop and the mean of its crops, both `[photos, 1856]`.
 *
 * @param features `[photos · crops, 1856]`. The crops of a photo are consecutive.
 */
export function cropRows(
  features: Float32Array,
  photoCount: number,
): { firstCrops: Float64Array; meanCrops: Float64Array } {
  const crops = features.length / FEATURE_COUNT / photoCount;
  const firstCrops = new Float64Array(photoCount * FEATURE_COUNT);
  const meanCrops = new Float64Array(photoCount * FEATURE_COUNT);
  for (let at = 0; at < features.length; at += 1) {
    const crop = Math.floor(at / FEATURE_COUNT);
    const place = Math.floor(crop / crops) * FEATURE_COUNT + (at % FEATURE_COUNT);
    if (crop % crops === 0) firstCrops[place] = features[at]!;
    meanCrops[place]! += features[at]! / crops;
  }
  return { firstCrops, meanCrops };
}
