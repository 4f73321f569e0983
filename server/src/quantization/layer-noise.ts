import { CROP_SIZE } from '@swipenet/shared/photo.ts';
import { KEPT_IN_FLOAT } from '../googlenet/int8-model.ts';
import { centerCrop } from '../image/preprocess.ts';
import { encodeModel } from '../onnx/graph-builder.ts';
import { foldedConvs, quantizationGroups } from '../onnx/quantization-groups.ts';
import { quantizeGraph } from '../onnx/quantize-graph.ts';
import { withObserved } from '../onnx/with-observed.ts';
import { openSession, type Session } from '../runtime/session.ts';
import type { QuantizationPhoto } from './quantization-photos.ts';
import type { Int8Model } from './quantize-model.ts';

/** How much a layer of the int8 model differs from the float layer. All layers before it are in int8 too. */
export interface LayerNoise {
  readonly layer: string;
  /** In decibels: 10 · log₁₀ of the float layer's power divided by the power of the difference. */
  readonly signalToNoiseDb: number;
  /** The largest value that int8 can represent in this layer. Missing for the logits, which stay in float. */
  readonly high: number | undefined;
  /** The largest value of the float layer. */
  readonly largest: number;
}

const LOGITS = 'loss3/classifier';

/** Runs both models over photos and compares the outputs of all convolutions, in the network's order, then the logits. */
export async function layerNoise(
  { source, activations }: Pick<Int8Model, 'source' | 'activations'>,
  photos: readonly QuantizationPhoto[],
  threads: number,
): Promise<LayerNoise[]> {
  const layers = [...[...foldedConvs(source, KEPT_IN_FLOAT).values()].map(({ relu }) => relu), LOGITS];
  const int8 = quantizeGraph(source, { ...activations, kept: KEPT_IN_FLOAT, observed: layers });
  const sessions: Session[] = [];
  const sums = new Map(layers.map((layer) => [layer, { signal: 0, noise: 0, largest: 0 }]));
  try {
    for (const graph of [withObserved(source, layers), int8]) {
      sessions.push(await openSession({ model: encodeModel(graph), device: 'cpu', threads }));
    }
    for (const { levels } of photos) {
      const inputs = { photos: { data: centerCrop(levels), shape: [1, 1, CROP_SIZE, CROP_SIZE] } };
      const [float, quantized] = [await sessions[0]!.run(inputs), await sessions[1]!.run(inputs)];
      for (const [layer, sum] of sums) {
        const [a, b] = [float[`${layer}/observed`]!.data, quantized[`${layer}/observed`]!.data];
        for (let index = 0; index < a.length; index += 1) {
          sum.signal += a[index]! ** 2;
          sum.noise += (a[index]! - b[index]!) ** 2;
          sum.largest = Math.max(sum.largest, a[index]!);
        }
      }
    }
  } finally {
    await Promise.all(sessions.map((session) => session.close()));
  }
  const groupOf = quantizationGroups(source);
  return [...sums].map(([layer, { signal, noise, largest }]) => {
    const signalToNoiseDb = 10 * Math.log10(signal / Math.max(noise, Number.MIN_VALUE));
    const { high } = activations.ranges.get(groupOf(layer)) ?? {};
    return { layer: layer.replace(/\/relu$/, ''), signalToNoiseDb, high, largest };
  });
}
