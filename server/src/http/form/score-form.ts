import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { type Priority, SCORE_LIMITS, type ScoreField, scoreFieldSchemas } from '@swipenet/shared/contract/score.ts';
import type { EncodedPhoto } from '../../image/photo-bytes.ts';

/** The validated body of a score request. */
export interface ScoreForm {
  readonly photos: readonly EncodedPhoto[];
  readonly threshold: number | undefined;
  readonly photoCount: number;
  readonly priority: Priority;
}

const EXPECTED: Record<ScoreField, string> = {
  threshold: 'a number from 0 to 1',
  photoCount: 'a whole number from 1 to 999999',
  priority: 'now or ahead',
};

const CODES = {
  threshold: 'threshold_invalid',
  photoCount: 'photo_count_invalid',
  priority: 'priority_invalid',
} as const satisfies Record<ScoreField, string>;

/**
 * Reads a score request's multipart body with the platform's strict parser (`formData` of WHATWG Fetch). The caller
 * limits the body's size.
 *
 * @throws SwipenetError of kind `request`, naming what is wrong: `body_not_multipart`, `body_malformed`,
 *   `field_unknown`, `field_repeated`, `threshold_invalid`, `photo_count_invalid`, `priority_invalid`,
 *   `photos_missing`, `photos_too_many`, `photo_too_large`.
 */
export async function readScoreForm(request: Request): Promise<ScoreForm> {
  const form = await parseBody(request);
  for (const name of new Set(form.keys())) {
    if (name === 'photo') continue;
    if (!Object.hasOwn(scoreFieldSchemas, name)) {
      throw new SwipenetError('field_unknown', `unknown field ${JSON.stringify(name.slice(0, 40))}`);
    }
    if (form.getAll(name).length > 1)
      throw new SwipenetError('field_repeated', `the field ${name} appears more than once`);
  }
  const files = photoFiles(form);
  const threshold = readField(form, 'threshold');
  const photoCount = readField(form, 'photoCount') ?? files.length;
  const priority = readField(form, 'priority') ?? 'now';
  if (photoCount < files.length) {
    const message = `photoCount is ${photoCount}, but ${files.length} photos were sent`;
    throw new SwipenetError('photo_count_invalid', message);
  }
  const photos = (await Promise.all(files.map((file) => file.bytes()))) as EncodedPhoto[];
  return { photos, threshold, photoCount, priority };
}

async function parseBody(request: Request): Promise<FormData> {
  const type = request.headers.get('Content-Type') ?? 'none';
  if (!/^multipart\/form-data\s*(;|$)/i.test(type)) {
    throw new SwipenetError('body_not_multipart', 'the body must be multipart/form-data');
  }
  try {
    return await request.formData();
  } catch (cause) {
    request.signal.throwIfAborted();
    throw new SwipenetError('body_malformed', 'the multipart body is broken or cut off', { cause });
  }
}

function photoFiles(form: FormData): File[] {
  const { maxPhotos, maxPhotoBytes } = SCORE_LIMITS;
  const files = form.getAll('photo');
  if (files.length === 0) throw new SwipenetError('photos_missing', 'the request has no photos');
  if (files.length > maxPhotos) {
    throw new SwipenetError('photos_too_many', `the request has ${files.length} photos; the limit is ${maxPhotos}`);
  }
  return files.map((file, index) => {
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
}

function readField<Field extends ScoreField>(form: FormData, field: Field) {
  type Output = ReturnType<(typeof scoreFieldSchemas)[Field]['parse']>;
  const text = form.get(field);
  if (text === null) return undefined;
  const parsed = scoreFieldSchemas[field].safeParse(text);
  if (parsed.success) return parsed.data as Output;
  const value = JSON.stringify(String(text).slice(0, SCORE_LIMITS.maxFieldBytes));
  throw new SwipenetError(CODES[field], `${field} must be ${EXPECTED[field]}, got ${value}`);
}
