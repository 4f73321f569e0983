import { CROP_SIZE } from '@swipenet/shared/photo.ts';
import { codedValues } from '../../onnx/coding-groups.ts';
import { encodeModel, type Graph, withObserved } from '../../onnx/graph-builder.ts';
import { openSession } from '../../runtime/session.ts';
import { ActivationHistogram } from './activation-histogram.ts';

/** What is asked of a calibration. */
export interface CalibrateOptions {
  readonly threads: number;
  /** Convolutions that will stay in float. */
  readonly kept?: ReadonlySet<string>;
  readonly onProgress?: (photos: number) => void;
}

/**
 * Runs a graph over photos, one by one, and counts the numbers that every value takes which will be coded. Blocks the event
 * loop photo by photo.
 *
 * @param photos gray levels of crops, `[224, 224]` each.
 */
export async function calibrate(
  graph: Graph,
  photos: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { threads, kept, onProgress }: CalibrateOptions,
): Promise<Map<string, ActivationHistogram>> {
  const names = codedValues(graph, kept);
  const histograms = new Map(names.map((name) => [name, new ActivationHistogram()]));
  const session = await openSession({ model: encodeModel(withObserved(graph, names)), device: 'cpu', threads });
  try {
    let done = 0;
    for await (const data of photos) {
      const values = await session.run({ photos: { data, shape: [1, 1, CROP_SIZE, CROP_SIZE] } });
      for (const [name, histogram] of histograms) histogram.add(values[`${name}/observed`]!.data);
      done += 1;
      onProgress?.(done);
    }
  } finally {
    await session.close();
  }
  return histograms;
}
