import { CommandError } from '../../command-error.ts';
import {
  flagOf,
  HYPERPARAMETER_NAMES,
  HYPERPARAMETERS,
  type HyperparameterName,
} from '../run/start/hyperparameters.ts';

/** How to train a model: the whole network, or only a head on its features. */
type TrainingMode = 'full' | 'head';

/**
 * The maximum number of labels for which `auto` chooses a head: of training photos, or of training profiles if labels are
 * of whole profiles. It was measured on photos. From `quality`, a head is ahead of the whole network at 204 training
 * photos, and two points behind at 340 for a 25th of the time. From a better network, the two meet later (docs/experiments.md, "Few photos").
 */
export const HEAD_AT_MOST = 500;

/** A mode and the reason for it. */
export interface ChosenMode {
  readonly mode: TrainingMode;
  /** Shown to people after the mode. */
  readonly reason: string;
}

/** The inputs to the choice of a training mode. */
export interface ModeQuestion {
  readonly asked: TrainingMode | 'auto';
  /** The number of labels in the training set, and what each of them is about. */
  readonly labels: { readonly count: number; readonly of: 'photos' | 'profiles' };
  /** What training starts from. `none` has no features. */
  readonly init: string;
  /** The flags on the command line that only apply to training the whole network. */
  readonly fullFlags: readonly string[];
}

/** Chooses the mode: the requested one, the one that other flags imply, or the best one for this number of labels. */
export function chooseMode({ asked, labels, init, fullFlags }: ModeQuestion): ChosenMode {
  if (asked !== 'auto') return { mode: asked, reason: '--mode' };
  if (fullFlags.length > 0) return { mode: 'full', reason: `because of ${fullFlags.join(', ')}` };
  if (init === 'none') return { mode: 'full', reason: '--init none has no features for a head' };
  const found = `${labels.count} training ${labels.of}`;
  return labels.count <= HEAD_AT_MOST
    ? { mode: 'head', reason: `${found}; a head on frozen features works best up to ${HEAD_AT_MOST}` }
    : { mode: 'full', reason: `${found}; a head works best only up to ${HEAD_AT_MOST}` };
}

/** Returns the flags on the command line that only apply to training the whole network. */
export function fullFlagsOf(isGiven: (name: HyperparameterName) => boolean): string[] {
  return HYPERPARAMETER_NAMES.filter((name) => HYPERPARAMETERS[name].mode === 'full' && isGiven(name)).map(flagOf);
}

/**
 * Rejects `--mode head` in combination with flags that don't work with it.
 *
 * @throws CommandError `option_invalid`, naming the flag.
 */
export function refuseForHead(resumes: boolean, { init, fullFlags }: Pick<ModeQuestion, 'init' | 'fullFlags'>): void {
  const [wrong] = resumes ? ['--resume'] : fullFlags;
  if (wrong) throw new CommandError('option_invalid', `${wrong} doesn’t work with --mode head`);
  if (init === 'none') throw new CommandError('option_invalid', '--mode head needs features, and --init none has none');
}
