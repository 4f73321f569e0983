import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { SCORE_LIMITS } from '@swipenet/shared/contract/score.ts';
import { PREPARED_BYTES } from '@swipenet/shared/prepared-photo.ts';
import type { Context } from 'hono';
import type { EncodedPhoto, ReceivedPhoto } from '../../image/photo-bytes.ts';
import type { AppEnv } from '../dependencies.ts';
import { GrowingBytes } from './growing-bytes.ts';
import { boundaryOf, MultipartParser, type PartHead, type PartReceiver } from './multipart.ts';
import { maxBytesOf, type PhotoPart, readPhotoPart } from './photo-part.ts';

/** A form with at least one photo. */
export interface PhotoForm {
  readonly photos: readonly ReceivedPhoto[];
  /** The text fields by name. */
  readonly fields: ReadonlyMap<string, string>;
}

/** The text fields that a form may have. */
export interface FieldRules {
  readonly isKnown: (name: string) => boolean;
  readonly maxBytes: number;
  /** Returns the error of a field that is longer, for the start of its text. */
  readonly invalid: (name: string, start: string) => SwipenetError;
}

/** Returns true if a request says that its body is a multipart form. */
export const isMultipart = ({ req }: Context<AppEnv>): boolean =>
  /^multipart\/form-data\s*(;|$)/i.test(req.header('Content-Type') ?? 'none');

/**
 * Reads a multipart form while it arrives. The first thing that is wrong ends it, so nothing is kept beyond the limits.
 *
 * @throws SwipenetError `body_not_multipart`, `body_malformed`, `field_unknown`, `field_repeated`, `photos_missing`,
 *   `photos_too_many`, `photo_too_large`, `preparation_unknown`; of the rules; of reading the body.
 */
export async function readPhotoForm(context: Context<AppEnv>, rules: FieldRules): Promise<PhotoForm> {
  if (!isMultipart(context)) throw new SwipenetError('body_not_multipart', 'the body must be multipart/form-data');
  const boundary = boundaryOf(context.req.header('Content-Type') ?? '');
  if (boundary === undefined) {
    throw new SwipenetError(
      'body_malformed',
      'the multipart body is broken: the header Content-Type has no valid boundary',
    );
  }
  const photos: ReceivedPhoto[] = [];
  const fields = new Map<string, string>();
  const parser = new MultipartParser(boundary, receiver(photos, fields, rules));
  for await (const chunk of context.get('body')) parser.write(chunk);
  parser.end();
  if (photos.length === 0) throw new SwipenetError('photos_missing', 'the request has no photos');
  return { photos, fields };
}

/** Adds the parts of a form to `photos` and `fields`. */
function receiver(photos: ReceivedPhoto[], fields: Map<string, string>, rules: FieldRules): PartReceiver {
  let part: PartHead = { name: '', isFile: false, contentType: '' };
  let photo: PhotoPart;
  let bytes = new GrowingBytes();
  return {
    begin: (head) => {
      part = head;
      bytes = new GrowingBytes();
      if (head.name === 'photo') {
        checkPhoto(head, photos.length);
        photo = readPhotoPart(head.contentType, photos.length);
        if (photo) bytes = new GrowingBytes(PREPARED_BYTES);
      } else checkField(head, fields, rules);
    },
    content: (more) => {
      const { name } = part;
      const maxBytes = name === 'photo' ? maxBytesOf(photo) : rules.maxBytes;
      if (bytes.length + more.length <= maxBytes) return bytes.append(more);
      if (name !== 'photo') {
        bytes.append(more.subarray(0, maxBytes));
        throw rules.invalid(name, bytes.text(maxBytes));
      }
      throw new SwipenetError('photo_too_large', `photo ${photos.length} is too large; the limit is ${maxBytes} bytes`);
    },
    end: () => {
      if (part.name !== 'photo') return void fields.set(part.name, bytes.text());
      const joined = bytes.joined();
      photos.push(photo ? { ...photo, bytes: joined } : (joined as EncodedPhoto));
    },
  };
}

function checkPhoto({ isFile }: PartHead, index: number): void {
  const { maxPhotos } = SCORE_LIMITS;
  if (index >= maxPhotos) {
    throw new SwipenetError('photos_too_many', `the request has more than ${maxPhotos} photos`);
  }
  if (!isFile) throw new SwipenetError('body_malformed', `photo ${index} is not a file part (it has no filename)`);
}

function checkField({ name }: PartHead, fields: ReadonlyMap<string, string>, { isKnown }: FieldRules): void {
  if (!isKnown(name)) throw new SwipenetError('field_unknown', `unknown field ${JSON.stringify(name.slice(0, 40))}`);
  if (fields.has(name)) throw new SwipenetError('field_repeated', `the field ${name} appears more than once`);
}

/** Throws SwipenetError `photo_count_invalid` if a form has more photos than it says that the profile has. */
export function checkPhotoCount(photoCount: number, photos: number): void {
  if (photoCount >= photos) return;
  throw new SwipenetError('photo_count_invalid', `photoCount is ${photoCount}, but ${photos} photos were sent`);
}
