import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { PhotoFacts, PhotoFilter } from '@swipenet/shared/contract/studio/photos.ts';
import type { Dataset } from '../../training/dataset/dataset.ts';
import { readNearPairs } from '../../training/dataset/near-pairs.ts';
import { suspectedLabels } from '../../training/label-check/suspected-labels.ts';
import type { DraftChanges } from './label-draft.ts';

/** What is known about a dataset's photos besides the dataset itself. */
export interface KnownOfPhotos {
  readonly changes: DraftChanges;
  /** The LIKE confidences of a head that didn't see the photos' profiles, `[photos]`, once labels were checked. */
  readonly confidences: Float32Array | undefined;
}

/**
 * Returns the numbers of the photos that match, in the order to show them: suspected ones with the worst first, pairs that
 * look alike one after the other, and others in the order of the dataset. Throws CommandError `dataset_invalid`.
 */
export async function matchingPhotos(
  dataset: Dataset,
  filter: PhotoFilter,
  known: KnownOfPhotos,
): Promise<Uint32Array> {
  const { photos } = dataset;
  const { label, part, profile } = filter;
  const matches = (number: number) => {
    const photo = photos[number]!;
    return (
      (label === undefined || photo.label === label) &&
      (part === undefined || photo.part === part) &&
      (profile === undefined || photo.profile === Number(profile))
    );
  };
  if (filter.show === 'near') {
    const pairs = (await readNearPairs(dataset)).filter(({ left, right }) => {
      return photos[left]!.label !== photos[right]!.label && (matches(left) || matches(right));
    });
    return Uint32Array.from(pairs.flatMap(({ left, right }) => [left, right]));
  }
  if (filter.show === 'suspected') {
    const suspected = known.confidences ? suspectedLabels(photos, known.confidences) : [];
    return Uint32Array.from(suspected.filter(matches));
  }
  const { labels, dropped } = known.changes;
  const isShown = (number: number) =>
    filter.show !== 'changed' || labels.has(photos[number]!.profile) || dropped.has(number);
  const found = new Uint32Array(photos.length);
  let count = 0;
  for (let number = 0; number < photos.length; number += 1) {
    if (!matches(number) || !isShown(number)) continue;
    found[count] = number;
    count += 1;
  }
  return found.subarray(0, count);
}

/** The number of photos in each profile of the datasets that are open. */
const sizes = new WeakMap<Dataset, ReadonlyMap<number, number>>();

function sizesOf(dataset: Dataset): ReadonlyMap<number, number> {
  const before = sizes.get(dataset);
  if (before) return before;
  const counts = new Map<number, number>();
  for (const { profile } of dataset.photos) counts.set(profile, (counts.get(profile) ?? 0) + 1);
  sizes.set(dataset, counts);
  return counts;
}

/** Returns what is known about photos. Throws SwipenetError `studio_unknown` if there is no such photo. */
export function factsOfPhotos(
  dataset: Dataset,
  numbers: readonly number[],
  { confidences }: Pick<KnownOfPhotos, 'confidences'>,
): PhotoFacts[] {
  const counts = sizesOf(dataset);
  return numbers.map((number) => {
    const photo = dataset.photos[number];
    if (!photo) throw new SwipenetError('studio_unknown', `the dataset has no photo ${number}`);
    return { number, ...photo, inProfile: counts.get(photo.profile)!, like: confidences?.[number] ?? null };
  });
}
