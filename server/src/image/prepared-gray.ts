import { SwipenetError } from '@swipenet/shared/contract/error-codes.ts';
import { PREPARED_BYTES } from '@swipenet/shared/prepared-photo.ts';
import { type GrayLevels, grayLevels } from './photo-bytes.ts';

/** Takes bytes for the gray levels of a prepared photo. @throws SwipenetError `photo_gray_invalid` for a wrong length. */
export function preparedGray(bytes: Uint8Array): GrayLevels {
  if (bytes.length === PREPARED_BYTES) return grayLevels(bytes);
  const message = `the prepared photo has ${bytes.length} gray levels and not ${PREPARED_BYTES}`;
  throw new SwipenetError('photo_gray_invalid', message);
}
