import { basePicture } from './base-picture.ts';
import type { Photos } from './png-photos.ts';

/** Every EXIF orientation in every format. */
export async function orientedPhotos(): Promise<Photos> {
  const photos: Photos = {};
  for (let orientation = 1; orientation <= 8; orientation += 1) {
    for (const format of ['jpeg', 'png', 'webp', 'avif'] as const) {
      photos[`${format}, orientation ${orientation}`] = await basePicture()
        .withMetadata({ orientation })
        .toFormat(format, format === 'avif' ? { effort: 0 } : { quality: 95 })
        .toBuffer();
    }
  }
  return photos;
}
