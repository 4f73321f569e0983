import type { LayerView } from '@swipenet/shared/contract/studio/layers.ts';

/** The number of spans of a histogram. */
const SPANS = 32;

/** What a layer's activations say: {@link LayerView} with gray levels as bytes. */
export type LayerActivity = Pick<LayerView, 'side' | 'statistics' | 'maps'> & { readonly pixels: Uint8Array };

/**
 * Describes the activations of one photo in a layer.
 *
 * @param activations `[channels, side, side]`, at least one.
 */
export function describeLayer(activations: Float32Array, channels: number): LayerActivity {
  const size = activations.length / channels;
  const maps = Array.from({ length: channels }, (_, channel) => {
    const map = activations.subarray(channel * size, (channel + 1) * size);
    return { channel, map, ...momentsOf(map) };
  }).toSorted((one, other) => other.mean - one.mean);
  const pixels = new Uint8Array(activations.length);
  for (const [at, { map, least, most }] of maps.entries()) {
    const scale = most > least ? 255 / (most - least) : 0;
    for (const [pixel, value] of map.entries()) pixels[at * size + pixel] = Math.round((value - least) * scale);
  }
  const { mean, deviation, least, most } = momentsOf(activations);
  return {
    side: Math.sqrt(size),
    statistics: {
      ...{ mean, deviation, least, most },
      zeros: activations.reduce((count, value) => count + (value === 0 ? 1 : 0), 0) / activations.length,
      histogram: histogramOf(activations, least, most),
    },
    maps: maps.map((map) => ({ channel: map.channel, mean: map.mean, most: map.most })),
    pixels,
  };
}

/** Returns the mean, the standard deviation (of all, not of a sample) and the extremes. */
function momentsOf(values: Float32Array) {
  let [sum, least, most] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    sum += value;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / values.length), least, most };
}

/** Counts the values in equal spans. The largest value is in the last one. */
function histogramOf(values: Float32Array, least: number, most: number): number[] {
  const counts = new Array<number>(SPANS).fill(0);
  const scale = most > least ? SPANS / (most - least) : 0;
  for (const value of values) counts[Math.min(SPANS - 1, Math.floor((value - least) * scale))]! += 1;
  return counts;
}
