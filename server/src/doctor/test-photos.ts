import { CROP_SIZE } from '@swipenet/shared/photo.ts';
import { between, seededRandom } from '@swipenet/shared/random.ts';
import type { CropBatch } from '../image/photo-bytes.ts';

/**
 * Generates artificial photos, always the same: gratings of all spacings and contrasts with noise, so that the
 * network's activations vary as much as with real photos.
 */
export function testPhotos(count: number): CropBatch {
  const pixels = CROP_SIZE ** 2;
  const photos = new Uint8Array(count * pixels);
  for (let photo = 0; photo < count; photo += 1) {
    const random = seededRandom(photo);
    const level = between(random, 60, 190);
    const contrast = between(random, 10, 120);
    const noise = between(random, 0, 40);
    const [across, down] = [between(random, 0.005, 0.6), between(random, 0.005, 0.6)];
    for (let pixel = 0; pixel < pixels; pixel += 1) {
      const wave = Math.sin((pixel % CROP_SIZE) * across) * Math.sin(Math.floor(pixel / CROP_SIZE) * down);
      const gray = level + contrast * wave + noise * (random() - 0.5);
      photos[photo * pixels + pixel] = Math.max(0, Math.min(255, Math.round(gray)));
    }
  }
  return photos as CropBatch;
}
