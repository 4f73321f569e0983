import { MOST_PAIRS, type PhotoPairs } from '@swipenet/shared/contract/studio/photos.ts';
import type { DatasetPhoto } from '../../training/dataset/dataset-format.ts';
import type { NearPhotos } from '../../training/dataset/near-pairs.ts';

/**
 * Returns pairs of photos that look alike as pages show them: those in different splits first, which make a model look better
 * than it is, then those with different labels, and the most alike first. Ties are in the order of the dataset.
 *
 * @param photos the dataset's photos, by number.
 */
export function pairsToShow(
  photos: readonly Pick<DatasetPhoto, 'label' | 'part'>[],
  pairs: readonly NearPhotos[],
): PhotoPairs {
  const ranked = pairs.map((pair) => {
    const [a, b] = [photos[pair.left]!, photos[pair.right]!];
    return { pair, isAcrossSplits: a.part !== b.part, isAcrossLabels: a.label !== b.label };
  });
  ranked.sort(
    (a, b) =>
      Number(b.isAcrossSplits) - Number(a.isAcrossSplits) ||
      Number(b.isAcrossLabels) - Number(a.isAcrossLabels) ||
      a.pair.bits - b.pair.bits ||
      a.pair.left - b.pair.left ||
      a.pair.right - b.pair.right,
  );
  return {
    pairs: ranked.slice(0, MOST_PAIRS).map(({ pair }) => pair),
    total: ranked.length,
    acrossSplits: ranked.filter(({ isAcrossSplits }) => isAcrossSplits).length,
    acrossLabels: ranked.filter(({ isAcrossLabels }) => isAcrossLabels).length,
  };
}
