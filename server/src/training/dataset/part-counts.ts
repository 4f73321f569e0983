import { LABELS, type Label } from '@swipenet/shared/confidence.ts';
import { type DatasetHead, type DatasetPhoto, PARTS, type Part } from './dataset-format.ts';

/** Counts the photos and profiles of each label in each split. */
export function countParts(photos: readonly Pick<DatasetPhoto, 'part' | 'label' | 'profile'>[]): DatasetHead['parts'] {
  const seen = new Set<string>();
  const ofLabel = () => ({ photos: 0, profiles: 0 });
  const counts = Object.fromEntries(PARTS.map((part) => [part, { NOPE: ofLabel(), LIKE: ofLabel() }])) as Record<
    Part,
    Record<Label, { photos: number; profiles: number }>
  >;
  for (const { part, label, profile } of photos) {
    const count = counts[part][label];
    count.photos += 1;
    const key = `${label} ${profile}`;
    if (!seen.has(key)) count.profiles += 1;
    seen.add(key);
  }
  return counts;
}

/** Returns the fraction of a split's photos that are LIKE, which shows what always guessing one label would achieve. */
export function likeShare(counts: DatasetHead['parts'][Part]): number {
  const total = LABELS.reduce((sum, label) => sum + counts[label].photos, 0);
  return total === 0 ? 0 : counts.LIKE.photos / total;
}
