import type { TasteAnswer } from '@swipenet/shared/contract/taste.ts';

/** The figures from cross-validation that a curve can show: their names in manifests, and on the screen. */
export const CURVES = {
  crossValidatedBalancedAccuracy: 'Balanced accuracy',
  crossValidatedAuc: 'AUC',
  crossValidatedLoss: 'Log loss',
} as const;

export type CurveName = keyof typeof CURVES;

/** One version in a learning curve. */
export interface CurvePoint {
  readonly version: string;
  /** How many labels it was learned from. */
  readonly labels: number;
  readonly value: number;
}

/** Returns the points of a learning curve by the number of labels. Versions without the figure are left out. */
export function curveOf(versions: TasteAnswer['versions'], name: CurveName): CurvePoint[] {
  return versions
    .flatMap(({ id, metrics }) => {
      const [labels, value] = [metrics?.crossValidatedProfiles, metrics?.[name]];
      return labels === undefined || value === undefined ? [] : [{ version: id, labels, value }];
    })
    .toSorted((one, other) => one.labels - other.labels);
}

/** The span of a curve's values, with room at both ends, but not below 0, and for all but losses not above 1. */
export function spanOf(
  points: readonly CurvePoint[],
  name: CurveName,
): { readonly least: number; readonly most: number } {
  const values = points.map(({ value }) => value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = Math.max(0.025, (most - least) / 10);
  const highest = name === 'crossValidatedLoss' ? Number.POSITIVE_INFINITY : 1;
  return { least: Math.max(0, least - room), most: Math.min(highest, most + room) };
}
