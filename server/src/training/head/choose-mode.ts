import { CommandError } from '../../command-error.ts';
import { flagOf, HYPERPARAMETER_NAMES, HYPERPARAMETERS, type HyperparameterName } from '../run/hyperparameters.ts';

/** How a model is learned: the whole network, or a head on its features. */
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
  readonly asked: TrainingMode | 'auto';
  /** Photos to learn from. */
  readonly photos: number;
  /** What training starts from; `none` has no features. */
  readonly init: string;
  /** Flags on the command line that only apply to training the whole network. */
  readonly fullFlags: readonly string[];
}

/** Chooses the mode: the one asked for, else the one that other flags imply, else what works best for so many photos. */
export function chooseMode({ asked, photos, init, fullFlags }: ModeQuestion): ChosenMode {
  if (asked !== 'auto') return { mode: asked, reason: '--mode' };
  if (fullFlags.length > 0) return { mode: 'full', reason: `${fullFlags.join(', ')} was given` };
  if (init === 'none') return { mode: 'full', reason: '--init none has no features for a head' };
  const few = photos <= HEAD_AT_MOST;
  const bound = `${HEAD_AT_MOST} training photos`;
  return few
    ? { mode: 'head', reason: `${photos} photos; up to ${bound} a head on frozen features is chosen` }
    : { mode: 'full', reason: `${photos} photos; a head is for up to ${bound}` };
}

/** The flags on the command line that only apply to training the whole network. */
export function fullFlagsOf(isGiven: (name: HyperparameterName) => boolean): string[] {
  return HYPERPARAMETER_NAMES.filter((name) => HYPERPARAMETERS[name].mode === 'full' && isGiven(name)).map(flagOf);
}

/**
 * Refuses `--mode head` together with what a head can't do.
 *
 * @throws CommandError `option_invalid`, naming the flag.
 */
export function refuseForHead(resumes: boolean, { init, fullFlags }: Pick<ModeQuestion, 'init' | 'fullFlags'>): void {
  const [wrong] = resumes ? ['--resume'] : fullFlags;
  if (wrong) throw new CommandError('option_invalid', `${wrong} is not for --mode head`);
  if (init === 'none') throw new CommandError('option_invalid', '--mode head: --init none has no features');
}
