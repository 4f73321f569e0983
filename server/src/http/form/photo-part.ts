import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { SCORE_LIMITS } from '@swipenet/shared/contract/score.ts';
import { RESIZE_MODES } from '@swipenet/shared/photo.ts';
import { PREPARED_BYTES, PREPARED_TYPE, PREPARED_VERSION, type Preparation } from '@swipenet/shared/prepared-photo.ts';
import { parseParameters } from './header-parameters.ts';

/** How the photo in a part of a form was prepared, or `undefined` if it is as it was saved. */
export type PhotoPart = Preparation | undefined;

/** Returns the most bytes of a photo. A prepared one that takes more than its gray levels isn't compressed. */
export const maxBytesOf = (part: PhotoPart): number => (part ? PREPARED_BYTES : SCORE_LIMITS.maxPhotoBytes);

/**
 * Reads the content type of a photo's part. Any type but that of prepared photos says nothing, because a decoder looks
 * at the photo itself.
 *
 * @param index the photo's position, for the message.
 * @throws SwipenetError `preparation_unknown`.
 */
export function readPhotoPart(contentType: string, index: number): PhotoPart {
  const type = parseParameters(contentType);
  if (type?.value !== PREPARED_TYPE) return undefined;
  const { v, resize: named, encoding, ...others } = Object.fromEntries(type.parameters);
  const resize = RESIZE_MODES.find((mode) => mode === named);
  const unknown = (what: string) =>
    new SwipenetError('preparation_unknown', `photo ${index} was prepared in an unknown way: ${what}`);
  if (v !== String(PREPARED_VERSION)) {
    throw unknown(`its version v is ${quoted(v)}, and this server accepts ${PREPARED_VERSION}`);
  }
  if (!resize) throw unknown(`resize is ${quoted(named)} and not ${RESIZE_MODES.join(' or ')}`);
  if (encoding !== undefined && encoding !== 'gzip') throw unknown(`encoding is ${quoted(encoding)} and not gzip`);
  const [other] = Object.keys(others);
  if (other !== undefined) throw unknown(`it has a parameter ${quoted(other)}`);
  return { resize, gzip: encoding === 'gzip' };
}

const quoted = (text: string | undefined) => (text === undefined ? 'missing' : JSON.stringify(text.slice(0, 40)));
