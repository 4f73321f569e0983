import type { Device } from '@swipenet/server/runtime/session.ts';

/** What a benchmark can be told; each takes what concerns it. */
export interface BenchOptions {
  /** `limits`, `train`, `serve`: where models compute; the CPU unless told. */
  readonly device?: Device;
  /** How long each load lasts. */
  readonly seconds?: number;
  /** How many photos are sent. */
  readonly photos?: number;
  /** How many requests are sent. */
  readonly requests?: number;
  /** What chance begins with: the same seed, the same run. */
  readonly seed?: number;
  /** `serve`: as of `swipenet serve --precision`. */
  readonly precision?: string;
  /** `head`, `full`: a folder of photos whose names begin with their kind. */
  readonly from?: string;
  /** `head`, `full`: as of `train --init`. */
  readonly init?: string;
  /** `head`, `full`: kinds to tell apart. */
  readonly pairs?: readonly string[];
  /** `full`: how many labels are learnt from, both kinds together. */
  readonly labels?: readonly number[];
  /** `full`: as of `train --epochs`. */
  readonly epochs?: number;
  /** `head`: where features are kept from one run to the next. */
  readonly features?: string;
}
