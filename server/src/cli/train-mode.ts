import { CommandError } from '../command-error.ts';
import { openDataset } from '../training/dataset/dataset.ts';
import { type ChosenMode, chooseMode } from '../training/head/choose-mode.ts';
import type { TrainFlags } from './train-flags.ts';

/** Flags that say how the whole network is trained, and mean nothing to a head. */
const FULL_FLAGS = {
  epochs: '--epochs',
  batch: '--batch',
  lr: '--lr',
  momentum: '--momentum',
  weightDecay: '--weight-decay',
  policy: '--policy',
  warmup: '--warmup',
  crop: '--crop',
  mirror: '--no-mirror',
  mean: '--mean',
} as const;

/**
 * The mode of `train`, and why.
 *
 * @param wasGiven whether a flag stood on the command line.
 * @throws CommandError `option_invalid` for a head with flags that are not for it; what opening the data set throws.
 */
export async function modeOf(flags: TrainFlags, wasGiven: (name: string) => boolean): Promise<ChosenMode> {
  const fullFlags = Object.entries(FULL_FLAGS).flatMap(([name, flag]) => (wasGiven(name) ? [flag] : []));
  if (flags.mode === 'head') {
    const [wrong] = flags.resume !== undefined ? ['--resume'] : fullFlags;
    if (wrong) throw new CommandError('option_invalid', `${wrong} is not for --mode head`);
    if (flags.init === 'none') throw new CommandError('option_invalid', '--mode head: --init none has no features');
  }
  if (flags.data === undefined) return { mode: 'full', reason: 'a run is gone on with' };
  if (flags.mode !== 'auto') return { mode: flags.mode, reason: '--mode' };
  const dataset = await openDataset(flags.data);
  await dataset.close();
  return chooseMode({ photos: dataset.numbersOf('training').length, init: flags.init, fullFlags });
}
