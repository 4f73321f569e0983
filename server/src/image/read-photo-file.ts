import { readFile, stat } from 'node:fs/promises';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { SCORE_LIMITS } from '@swipenet/shared/contract/score.ts';
import { type EncodedPhoto, encodedPhoto } from './photo-bytes.ts';

/**
 * A photo's bytes, where it is a file (a pipe would be waited for) and no larger than the server itself would take.
 *
 * @throws SwipenetError `photo_unreadable`, `photo_too_many_bytes`.
 */
export async function readPhotoFile(path: string): Promise<EncodedPhoto> {
  const unreadable = (cause: unknown) => {
    throw new SwipenetError('photo_unreadable', 'the file cannot be read', { cause });
  };
  const stats = await stat(path).catch(unreadable);
  if (!stats.isFile()) throw new SwipenetError('photo_unreadable', 'it is not a file');
  if (stats.size > SCORE_LIMITS.maxPhotoBytes) {
    const message = `the photo has ${stats.size} bytes, at most ${SCORE_LIMITS.maxPhotoBytes} are taken`;
    throw new SwipenetError('photo_too_many_bytes', message);
  }
  return encodedPhoto(await readFile(path).catch(unreadable));
}
