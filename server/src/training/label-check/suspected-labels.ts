import type { Label } from '@swipenet/shared/confidence.ts';

/** Returns the confidence that a photo has its label. */
export const labelConfidence = (label: Label, like: number): number => (label === 'LIKE' ? like : 1 - like);

/**
 * Returns the numbers of the photos whose label is less probable than the other one, the least probable first.
 *
 * @param confidences the LIKE confidences of a head that didn't see the photos' profiles, `[photos]`.
 */
export function suspectedLabels(
  photos: readonly { readonly label: Label }[],
  confidences: ArrayLike<number>,
): number[] {
  const fits = photos.map(({ label }, number) => labelConfidence(label, confidences[number]!));
  return [...fits.keys()].filter((number) => fits[number]! < 0.5).toSorted((a, b) => fits[a]! - fits[b]!);
}
