import { CommandError } from '../command-error.ts';
import type { Weights, WeightTensor } from './weights.ts';

/** The levels subtracted from photos: one per input channel, one for all channels, or `undefined` if unknown. */
export type Means = readonly number[] | number | undefined;

/**
 * Converts a network's first convolution to a single gray channel with its own mean. Returns its weight and bias.
 *
 * A gray photo has the same level g in all three channels, which gives Σ_c w_c·(g − mean_c) = (Σ_c w_c)·(g − m) +
 * Σ_c w_c·(m − mean_c). So the weights are summed over the channels, and the bias absorbs the change of the mean. This
 * is exact where the kernel lies inside the photo, but not at the zero-padded border.
 *
 * @param layer the layer's name, `conv1/7x7_s2` in GoogLeNet.
 * @param means what the network subtracts so far.
 * @param meanLevel m, the level to subtract from gray photos.
 * @throws CommandError `weights_invalid` if the layer is missing or isn't a convolution.
 */
export function grayLayer(
  weights: Weights,
  layer: string,
  means: Means,
  meanLevel: number,
): ReadonlyMap<string, WeightTensor> {
  const [weight, bias] = [weights.get(`${layer}.weight`), weights.get(`${layer}.bias`)];
  if (!weight || !bias || weight.shape.length !== 4) {
    throw new CommandError('weights_invalid', `the layer ${layer} is missing or isn’t a convolution`);
  }
  const [filters, channels, height, width] = weight.shape as [number, number, number, number];
  const area = height * width;
  const subtracted = (channel: number) => (typeof means === 'number' ? means : (means?.[channel] ?? meanLevel));
  const summed = new Float32Array(filters * area);
  const shifted = Float32Array.from(bias.data);
  for (let filter = 0; filter < filters; filter += 1) {
    let shift = 0; // in double precision
    for (let channel = 0; channel < channels; channel += 1) {
      for (let tap = 0; tap < area; tap += 1) {
        const number = weight.data[(filter * channels + channel) * area + tap]!;
        summed[filter * area + tap]! += number;
        shift += number * (meanLevel - subtracted(channel));
      }
    }
    shifted[filter]! += shift;
  }
  return new Map([
    [`${layer}.weight`, { shape: [filters, 1, height, width], data: summed }],
    [`${layer}.bias`, { shape: bias.shape, data: shifted }],
  ]);
}
