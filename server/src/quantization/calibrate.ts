import { CROP_SIZE } from '@swipenet/shared/photo.ts';
import type { PhotoCrop } from '../image/photo-bytes.ts';
import { encodeModel, type Graph } from '../onnx/graph-builder.ts';
import { convolvedValues, quantizedGroups } from '../onnx/quantization-groups.ts';
import { withObserved } from '../onnx/with-observed.ts';
import { openSession } from '../runtime/session.ts';
import { ActivationHistogram } from './activation-histogram.ts';
import { ChannelMeans } from './channel-means.ts';

export interface CalibrateOptions {
  readonly threads: number;
  /** Convolutions that will stay in float. */
  readonly kept?: ReadonlySet<string>;
  readonly onProgress?: (photos: number) => void;
}

/** What photos show about a graph's activations. */
export interface Calibration {
  /** For every value whose range quantization needs. */
  readonly histograms: Map<string, ActivationHistogram>;
  /** Channel means of every value that an int8 convolution will read. */
  readonly means: Map<string, Float32Array>;
}

/**
 * Runs a graph over photos, one by one, and collects histograms and means of its values. Blocks the event loop for the
 * duration of each photo.
 */
export async function calibrate(
  graph: Graph,
  photos: AsyncIterable<PhotoCrop> | Iterable<PhotoCrop>,
  { threads, kept, onProgress }: CalibrateOptions,
): Promise<Calibration> {
  const histograms = new Map(quantizedGroups(graph, kept).map((name) => [name, new ActivationHistogram()]));
  const averages = new Map(
    convolvedValues(graph, kept).map(({ name, shape }) => [name, new ChannelMeans(shape[1] as number)]),
  );
  const names = [...new Set([...histograms.keys(), ...averages.keys()])];
  const session = await openSession({ model: encodeModel(withObserved(graph, names)), device: 'cpu', threads });
  try {
    let done = 0;
    for await (const data of photos) {
      const values = await session.run({ photos: { data, shape: [1, 1, CROP_SIZE, CROP_SIZE] } });
      for (const name of names) {
        const { data: numbers } = values[`${name}/observed`]!;
        histograms.get(name)?.add(numbers);
        averages.get(name)?.add(numbers);
      }
      done += 1;
      onProgress?.(done);
    }
  } finally {
    await session.close();
  }
  return { histograms, means: new Map([...averages].map(([name, average]) => [name, average.means()])) };
}
