import { CROP_SIZE } from '@swipenet/shared/photo.ts';
import type { Session } from './session.ts';

/** Rounding in the softmax of a thousand classes. */
const SUM_TOLERANCE = 1e-3;

/** Draws two photos, each `[1, 1, 224, 224]`: a gray card, and rings that get thinner outwards. */
export function goldenPhotos(): [Uint8Array, Uint8Array] {
  const center = (CROP_SIZE - 1) / 2;
  const rings = Uint8Array.from({ length: CROP_SIZE ** 2 }, (_, pixel) => {
    const [x, y] = [pixel % CROP_SIZE, Math.floor(pixel / CROP_SIZE)];
    const distance = (x - center) ** 2 + (y - center) ** 2;
    return Math.round(127.5 * (1 + Math.cos(distance / 200)));
  });
  return [new Uint8Array(CROP_SIZE ** 2).fill(128), rings];
}

/**
 * Scores two photos that no working model mistakes for each other. A model can have finite weights and still overflow,
 * or be so dead that it doesn't look at the photo, so every model has to pass this before it is used.
 *
 * @param session a GoogLeNet for serving (googlenet/serving-model.ts).
 * @throws Error saying what is wrong with the model's answer.
 */
export async function scoreGoldenPhotos(session: Session): Promise<void> {
  const [card, rings] = goldenPhotos();
  const [first, second] = [await score(session, card), await score(session, rings)];
  if (first.every((value, index) => value === second[index])) {
    throw new Error('the model gives two different test photos the same result');
  }
}

/** Scores a photo, checks the answer, and returns its features, or its confidences if the model has no features. */
async function score(session: Session, data: Uint8Array): Promise<Float32Array> {
  const photos = { data, shape: [1, 1, CROP_SIZE, CROP_SIZE] };
  const { confidence, evidence, features } = await session.run({ photos });
  if (!confidence) throw new Error('the model has no output named confidence');
  for (const [name, output] of Object.entries({ confidence, evidence, features })) {
    if (output && !output.data.every(Number.isFinite)) {
      throw new Error(`the model’s ${name} of a test photo is not a finite number`);
    }
  }
  const sum = confidence.data.reduce((total, share) => total + share, 0);
  if (confidence.data.some((share) => share < 0) || Math.abs(sum - 1) > SUM_TOLERANCE) {
    throw new Error('the model’s confidences of a test photo don’t add up to 1');
  }
  return (features ?? confidence).data;
}
