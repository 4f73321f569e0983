/** How a model is learnt: the whole network, or a head on its features. */
export type TrainingMode = 'full' | 'head';

/**
 * Up to so many training photos a head is chosen. From the embedded model a head is ahead of the whole network at 204
 * training photos, and two points behind at 340 for a 25th of the time; from a better network the two meet later
 * (docs/experiments.md, "Few photos").
 */
export const HEAD_AT_MOST = 500;

/** A mode, and why it is that one. */
export interface ChosenMode {
  readonly mode: TrainingMode;
  /** For people, after the mode's name. */
  readonly reason: string;
}

/** What a choice depends on. */
export interface ModeQuestion {
  /** Photos that would be learnt from. */
  readonly photos: number;
  /** What it begins from; `none` has no features. */
  readonly init: string;
  /** Flags that were given and that speak of full training alone, `--epochs`. */
  readonly fullFlags: readonly string[];
}

/** Chooses for `--mode auto`: what was asked for by other flags, else what is best for so many photos. */
export function chooseMode({ photos, init, fullFlags }: ModeQuestion): ChosenMode {
  if (fullFlags.length > 0) return { mode: 'full', reason: `${fullFlags.join(', ')} was given` };
  if (init === 'none') return { mode: 'full', reason: '--init none has no features for a head' };
  const few = photos <= HEAD_AT_MOST;
  const bound = `${HEAD_AT_MOST} training photos`;
  return few
    ? { mode: 'head', reason: `${photos} photos; up to ${bound} a head on frozen features is chosen` }
    : { mode: 'full', reason: `${photos} photos; a head is for up to ${bound}` };
}
