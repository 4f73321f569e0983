import { readFile, stat } from 'node:fs/promises';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { SCORE_LIMITS } from '@swipenet/shared/contract/score.ts';
import { systemPath } from '../../files/path-text.ts';
import { type EncodedPhoto, encodedPhoto } from '../photo-bytes.ts';

/**
 * Reads a photo file that is no larger than the server accepts. Anything but a regular file is refused, because reading
 * a pipe could wait forever.
 *
 * @throws SwipenetError `photo_unreadable`, `photo_too_many_bytes`.
 */
export async function readPhotoFile(path: string): Promise<EncodedPhoto> {
  const unreadable = (cause: unknown) => {
    throw new SwipenetError('photo_unreadable', 'can’t read the file', { cause });
  };
  const stats = await stat(systemPath(path)).catch(unreadable);
  if (!stats.isFile()) throw new SwipenetError('photo_unreadable', 'it is not a regular file');
  if (stats.size > SCORE_LIMITS.maxPhotoBytes) {
    const message = `the photo has ${stats.size} bytes; the limit is ${SCORE_LIMITS.maxPhotoBytes}`;
    throw new SwipenetError('photo_too_many_bytes', message);
  }
  return encodedPhoto(await readFile(systemPath(path)).catch(unreadable));
}
