import type { Device } from '@swipenet/server/runtime/session.ts';

/** Options of all benchmarks. Each benchmark uses some of them. */
export interface BenchOptions {
  /** `limits`, `train`, `serve`: the device for models. The default is the CPU. */
  readonly device?: Device;
  /** How long to apply each load. */
  readonly seconds?: number;
  /** How many photos to send. */
  readonly photos?: number;
  /** How many requests to send. */
  readonly requests?: number;
  /** Random seed. The same seed repeats a run. */
  readonly seed?: number;
  /** `serve`: like `swipenet serve --precision`. */
  readonly precision?: string;
  /** `head`, `full`, `taste`: a folder of photos whose names start with their kind. */
  readonly from?: string;
  /** `head`, `full`, `taste`: like `train --init`. */
  readonly init?: string;
  /** `head`, `full`: pairs of kinds to tell apart. */
  readonly pairs?: readonly string[];
  /** `full`: numbers of labeled photos to train on, both kinds together. */
  readonly labels?: readonly number[];
  /** `full`: like `train --epochs`. */
  readonly epochs?: number;
  /** `head`, `taste`: folder that keeps the features between runs. */
  readonly features?: string;
  /** `taste`: kinds of photos to build profiles from. */
  readonly kinds?: readonly string[];
  /** `taste`: the kinds that a persona likes. */
  readonly personas?: readonly string[];
  /** `taste`: numbers of training profiles. */
  readonly sizes?: readonly number[];
  /** `taste`: percentages of wrong labels. */
  readonly wrong?: readonly number[];
  /** `taste`: the number of random seeds. */
  readonly seeds?: number;
  /** `agreement`: how many people of each kind to simulate. */
  readonly people?: number;
  /** `taste`: where to draw the learning curves. */
  readonly curve?: string;
}
