import { CommandError } from '../command-error.ts';
import type { Means } from '../googlenet/gray-weights.ts';
import type { FileNetwork } from '../interchange/import-network.ts';
import { type ImportFlags, required } from './import-flags.ts';

/** What the Caffe model zoo's GoogLeNet subtracts from blue, green and red. */
export const CAFFE_MEANS: readonly number[] = [104, 117, 123];

/**
 * What is subtracted from a network's photos where its file does not say it: by the flags, else of colour Caffe's
 * means.
 *
 * @throws CommandError `option_invalid` where `--mean` is needed, where it has no place, or where it is of other
 *   channels.
 */
export function importedMeans({ mean, channels }: FileNetwork, flags: Pick<ImportFlags, 'mean' | 'channels'>): Means {
  const refuse = (why: string) => new CommandError('option_invalid', `--mean: ${why}`);
  if (mean && flags.mean) throw refuse('the file says itself what is subtracted');
  if (mean) return undefined;
  const caffe = flags.channels === 'rgb' ? CAFFE_MEANS.toReversed() : CAFFE_MEANS;
  const known = flags.mean ?? (channels === 3 ? caffe : undefined);
  const levels = required(known, 'mean', 'the gray level, 0 to 255, that was subtracted from its photos');
  if (levels.length === 1) return levels[0]!;
  if (levels.length === channels) return levels;
  throw refuse(`${levels.length} levels are given, the network takes gray photos`);
}
