import { likesOf } from '@swipenet/shared/confidence.ts';
import { CROP_SIZE } from '@swipenet/shared/photo.ts';
import { cropBatch, type GrayLevels } from '../../image/photo-bytes.ts';
import { centerCrop } from '../../image/preprocess.ts';
import { openSession } from '../../runtime/session.ts';

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
  const session = await openSession({ model, device: 'cpu', threads });
  const score = async (batch: readonly GrayLevels[]) => {
    const data = cropBatch(batch.map(centerCrop));
    const { confidence } = await session.run({ photos: { data, shape: [batch.length, 1, CROP_SIZE, CROP_SIZE] } });
    return likesOf(confidence!.data);
  };
  try {
    let batch: GrayLevels[] = [];
    for await (const photo of photos) {
      batch.push(photo);
      if (batch.length < BATCH) continue;
      yield* await score(batch);
      batch = [];
    }
    if (batch.length > 0) yield* await score(batch);
  } finally {
    await session.close();
  }
}
