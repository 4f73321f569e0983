import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { SCORE_LIMITS } from '@swipenet/shared/contract/score.ts';
import type { EncodedPhoto } from '../../image/photo-bytes.ts';

/** Returns true if a request says that its body is a multipart form. */
export const isMultipart = (request: Request): boolean =>
  /^multipart\/form-data\s*(;|$)/i.test(request.headers.get('Content-Type') ?? 'none');

/**
 * Reads a multipart body with the platform's strict parser (`formData` of WHATWG Fetch). The caller limits its size.
 *
 * @throws SwipenetError `body_not_multipart`, `body_malformed`.
 */
export async function readMultipart(request: Request): Promise<FormData> {
  if (!isMultipart(request)) throw new SwipenetError('body_not_multipart', 'the body must be multipart/form-data');
  try {
    return await request.formData();
  } catch (cause) {
    request.signal.throwIfAborted();
    throw new SwipenetError('body_malformed', 'the multipart body is broken or cut off', { cause });
  }
}

/** Returns the names of the text fields. Throws SwipenetError `field_repeated` if one appears more than once. */
export function fieldNames(form: FormData): string[] {
  const names = [...new Set(form.keys())].filter((name) => name !== 'photo');
  for (const name of names) {
    if (form.getAll(name).length > 1) {
      throw new SwipenetError('field_repeated', `the field ${name.slice(0, 40)} appears more than once`);
    }
  }
  return names;
}

/**
 * Returns the photos of a form, in order.
 *
 * @throws SwipenetError `photos_missing`, `photos_too_many`, `photo_too_large`, `body_malformed`.
 */
export async function readPhotos(form: FormData): Promise<EncodedPhoto[]> {
  const { maxPhotos, maxPhotoBytes } = SCORE_LIMITS;
  const files = form.getAll('photo');
  if (files.length === 0) throw new SwipenetError('photos_missing', 'the request has no photos');
  if (files.length > maxPhotos) {
    throw new SwipenetError('photos_too_many', `the request has ${files.length} photos; the limit is ${maxPhotos}`);
  }
  const photos = files.map((file, index) => {
    if (typeof file === 'string') {
      throw new SwipenetError('body_malformed', `photo ${index} is not a file part (it has no filename)`);
    }
    if (file.size > maxPhotoBytes) {
      throw new SwipenetError(
        'photo_too_large',
        `photo ${index} has ${file.size} bytes; the limit is ${maxPhotoBytes}`,
      );
    }
    return file;
  });
  return (await Promise.all(photos.map((file) => file.bytes()))) as EncodedPhoto[];
}

/** Throws SwipenetError `photo_count_invalid` if a form has more photos than it says that the profile has. */
export function checkPhotoCount(photoCount: number, photos: number): void {
  if (photoCount >= photos) return;
  throw new SwipenetError('photo_count_invalid', `photoCount is ${photoCount}, but ${photos} photos were sent`);
}
