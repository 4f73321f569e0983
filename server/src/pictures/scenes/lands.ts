import type { Light } from '../../image/raster.ts';

/** The colors and the shape of a landscape. */
export interface Land {
  readonly grass: Light;
  readonly rock: Light;
  readonly top: Light;
  /** Height of the distant mountains. */
  readonly mountains: number;
  /** Height above which the ground is `top` (snow, bare rock). */
  readonly topFrom: number;
  /** Height of the nearby hills. */
  readonly hills: number;
  /** Half the number of firs to try to place. */
  readonly trees: number;
}

/** The landscapes by name. */
export const LANDS: Record<'alps' | 'highland' | 'desert', Land> = {
  alps: {
    grass: [0.09, 0.15, 0.04],
    rock: [0.21, 0.19, 0.17],
    top: [0.86, 0.89, 0.95],
    mountains: 105,
    topFrom: 44,
    hills: 9,
    trees: 46,
  },
  highland: {
    grass: [0.17, 0.16, 0.05],
    rock: [0.2, 0.16, 0.12],
    top: [0.3, 0.25, 0.2],
    mountains: 70,
    topFrom: 40,
    hills: 14,
    trees: 22,
  },
  desert: {
    grass: [0.5, 0.3, 0.15],
    rock: [0.42, 0.2, 0.1],
    top: [0.55, 0.3, 0.16],
    mountains: 64,
    topFrom: 30,
    hills: 10,
    trees: 0,
  },
};
