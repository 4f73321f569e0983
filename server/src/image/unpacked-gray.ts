import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { SwipenetError } from '@swipenet/shared/contract/error-codes.ts';
import { PREPARED_BYTES } from '@swipenet/shared/prepared-photo.ts';
import type { GrayLevels } from './photo-bytes.ts';
import { preparedGray } from './prepared-gray.ts';

const inflate = promisify(gunzip);

/**
 * Unpacks the gray levels of a prepared photo that was compressed with gzip. Stops after one level too many. Only a
 * decoder's process calls this, as for any other photo of a stranger, and zlib works on a thread of libuv there.
 *
 * @throws SwipenetError `photo_gray_invalid` if they are damaged, cut off, too few or too many.
 */
export async function unpackedGray(bytes: Uint8Array): Promise<GrayLevels> {
  const inflated = await inflate(bytes, { maxOutputLength: PREPARED_BYTES + 1 }).catch((cause: Error) => {
    const tooMany = 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE';
    const what = tooMany ? `has more than ${PREPARED_BYTES} gray levels` : 'isn’t gzip, or is damaged or cut off';
    throw new SwipenetError('photo_gray_invalid', `the prepared photo ${what}`, { cause });
  });
  return preparedGray(inflated);
}
