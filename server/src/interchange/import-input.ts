import { CommandError } from '../command-error.ts';
import { dividedInput, type FileNetwork } from './import-network.ts';
import { required } from './required-flag.ts';

/** The levels that a network takes: those of a file, or the same divided by 255. */
export const RANGES = ['0-255', '0-1'] as const;

export type Range = (typeof RANGES)[number];

/** What the caller says about a network's input. Channels are in the file's order. */
export interface InputChoices {
  /** What is subtracted from photos, in the network's range: one level, or one per channel. */
  readonly mean?: readonly number[] | undefined;
  /** What photos are divided by after that: one number, or one per channel. */
  readonly std?: readonly number[] | undefined;
  readonly range?: Range | undefined;
  /** Changes nothing, because a gray photo has the same level in every channel, but documents the order of the means. */
  readonly channels?: 'bgr' | 'rgb' | undefined;
}

/**
 * Rewrites a network whose input was scaled, so that it takes gray levels from 0 to 255 minus its `mean`. A network that
 * gets levels in a wrong range still gives confidences, only wrong ones. So the mean has to be stated, and the range too
 * if the mean fits both.
 *
 * @param isInGrayLevels whether the network is known to take gray levels, as those of Swipenet and Caffe do.
 * @throws CommandError `option_invalid`, naming the flag.
 */
export function inGrayLevels(network: FileNetwork, choices: InputChoices, isInGrayLevels: boolean): FileNetwork {
  const { channels } = network;
  if (choices.channels && channels === 1) {
    throw new CommandError('option_invalid', '--channels is for color networks, but this one takes gray photos');
  }
  if (network.mean) rejectMean(choices, isInGrayLevels);
  if (isInGrayLevels && network.mean) return network;
  const given = network.mean ?? (choices.mean && perChannel('mean', choices.mean, channels));
  const mean = required(given, 'mean', 'what is subtracted from the model’s photos: one level, or one per channel');
  const range = choices.range ?? (isInGrayLevels ? '0-255' : rangeOf(mean));
  const factor = range === '0-1' ? 255 : 1;
  if (factor > 1 && !Array.prototype.every.call(mean, (level: number) => level <= 1)) {
    throw new CommandError('option_invalid', '--range 0-1 contradicts the mean, which has levels above 1');
  }
  const what = 'what photos are divided by after the mean is subtracted: one number, or one per channel; 1 for nothing';
  const std = perChannel('std', required(choices.std ?? (factor === 1 ? [1] : undefined), 'std', what), channels);
  const divisors = Array.from({ length: channels }, (_, channel) => factor * (std[channel] ?? std[0]!));
  const levels = factor === 1 ? mean : Float32Array.from(mean, (level) => factor * level);
  return dividedInput({ ...network, mean: levels }, divisors);
}

/** Rejects flags for what the file has. */
function rejectMean({ mean, std, range }: InputChoices, isInGrayLevels: boolean): void {
  if (mean) throw new CommandError('option_invalid', 'the file already has a mean; leave --mean out');
  if (!isInGrayLevels || (!std && !range)) return;
  const flag = std ? '--std' : '--range';
  throw new CommandError(
    'option_invalid',
    `${flag} contradicts the file, whose input is gray levels; leave the flag out`,
  );
}

/** Returns the range that a mean belongs to. Throws CommandError `option_invalid` if it fits both. */
function rangeOf(mean: ArrayLike<number>): Range {
  if (!Array.prototype.every.call(mean, (level: number) => level >= 0 && level < 1)) return '0-255';
  const what = 'a mean below 1 fits levels from 0 to 255 (0-255) and from 0 to 1 (0-1). Say which the network takes';
  return required<Range>(undefined, 'range', what);
}

function perChannel(flag: string, numbers: readonly number[], channels: number): readonly number[] {
  if (numbers.length === 1 || numbers.length === channels) return numbers;
  const expected = channels === 3 ? '1 or 3' : '1';
  throw new CommandError('option_invalid', `--${flag} has ${numbers.length} levels, but the network takes ${expected}`);
}
