import { likesOf } from '@swipenet/shared/confidence.ts';
import { CROP_SIZE } from '@swipenet/shared/photo.ts';
import { cropBatch, type GrayLevels } from '../../image/photo-bytes.ts';
import { centerCrop } from '../../image/preprocess.ts';
import { openSession, type Tensor } from '../../runtime/session.ts';

const BATCH = 8;

/**
 * Yields the LIKE confidence of each photo. The model doesn't have to be published yet. Runs on the CPU and blocks the
 * event loop for each batch.
 *
 * @param model the bytes of a serving model's ONNX file.
 */
export async function* scoreLevels(
  model: Uint8Array,
  photos: AsyncIterable<GrayLevels>,
  threads: number,
): AsyncGenerator<number> {
  for await (const { confidence } of outputsOf(model, photos, threads)) yield* likesOf(confidence!.data);
}

/** Yields the features of each photo, `[1856]`, like {@link scoreLevels}. */
export async function* featuresOfLevels(
  model: Uint8Array,
  photos: AsyncIterable<GrayLevels>,
  threads: number,
): AsyncGenerator<Float32Array> {
  for await (const { features } of outputsOf(model, photos, threads)) {
    const { data, shape } = features!;
    const [, size] = shape as [number, number];
    for (let at = 0; at < data.length; at += size) yield data.subarray(at, at + size);
  }
}

/** Runs the model on batches of photos. */
async function* outputsOf(
  model: Uint8Array,
  photos: AsyncIterable<GrayLevels>,
  threads: number,
): AsyncGenerator<Record<string, Tensor<Float32Array>>> {
  const session = await openSession({ model, device: 'cpu', threads });
  const run = (batch: readonly GrayLevels[]) => {
    const data = cropBatch(batch.map(centerCrop));
    return session.run({ photos: { data, shape: [batch.length, 1, CROP_SIZE, CROP_SIZE] } });
  };
  try {
    let batch: GrayLevels[] = [];
    for await (const photo of photos) {
      batch.push(photo);
      if (batch.length < BATCH) continue;
      yield await run(batch);
      batch = [];
    }
    if (batch.length > 0) yield await run(batch);
  } finally {
    await session.close();
  }
}
