import { CommandError } from '../command-error.ts';
import type { Weights, WeightTensor } from './weights.ts';

/** Levels subtracted from photos, one an input channel, or one for every channel; `undefined` where that is unknown. */
export type Means = readonly number[] | number | undefined;

/**
 * A first convolution made into one that sees one gray channel, from which another mean is subtracted: its two tensors.
 *
 * A gray photo with level g in all three channels gives Σ_c w_c·(g − mean_c) = (Σ_c w_c)·(g − m) + Σ_c w_c·(m −
 * mean_c): the weights summed over the channels, and a change of the bias. That is exact where the kernel lies inside
 * the photo and not at its zero-padded border.
 *
 * @param layer its name, `conv1/7x7_s2` in GoogLeNet.
 * @param meanLevel m, what is subtracted now.
 * @throws CommandError `weights_invalid` where the layer is missing or no convolution.
 */
export function grayLayer(
  weights: Weights,
  layer: string,
  means: Means,
  meanLevel: number,
): ReadonlyMap<string, WeightTensor> {
  const [weight, bias] = [weights.get(`${layer}.weight`), weights.get(`${layer}.bias`)];
  if (!weight || !bias || weight.shape.length !== 4) {
    throw new CommandError('weights_invalid', `the tensors of ${layer} are missing or no convolution's`);
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
