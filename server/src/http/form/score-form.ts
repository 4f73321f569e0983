import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { type Priority, SCORE_LIMITS, type ScoreField, scoreFieldSchemas } from '@swipenet/shared/contract/score.ts';
import type { EncodedPhoto } from '../../image/photo-bytes.ts';
import { checkPhotoCount, fieldNames, readMultipart, readPhotos } from './photo-form.ts';

/** The validated body of a score request. */
export interface ScoreForm {
  readonly photos: readonly EncodedPhoto[];
  readonly threshold: number | undefined;
  readonly photoCount: number;
  readonly priority: Priority;
  /** Keep what can be learned from until the person swipes. */
  readonly learn: boolean;
}

const EXPECTED: Record<ScoreField, string> = {
  threshold: 'a number from 0 to 1',
  photoCount: 'a whole number from 1 to 999999',
  priority: 'now or ahead',
  learn: '1 or 0',
};

const CODES = {
  threshold: 'threshold_invalid',
  photoCount: 'photo_count_invalid',
  priority: 'priority_invalid',
  learn: 'learn_invalid',
} as const satisfies Record<ScoreField, string>;

/**
 * Reads a score request's multipart body. The caller limits the body's size.
 *
 * @throws SwipenetError of kind `request`, naming what is wrong: `body_not_multipart`, `body_malformed`,
 *   `field_unknown`, `field_repeated`, `threshold_invalid`, `photo_count_invalid`, `priority_invalid`, `learn_invalid`,
 *   `photos_missing`, `photos_too_many`, `photo_too_large`.
 */
export async function readScoreForm(request: Request): Promise<ScoreForm> {
  const form = await readMultipart(request);
  for (const name of fieldNames(form)) {
    if (!Object.hasOwn(scoreFieldSchemas, name)) {
      throw new SwipenetError('field_unknown', `unknown field ${JSON.stringify(name.slice(0, 40))}`);
    }
  }
  const photos = await readPhotos(form);
  const threshold = readField(form, 'threshold');
  const photoCount = readField(form, 'photoCount') ?? photos.length;
  const priority = readField(form, 'priority') ?? 'now';
  const learn = readField(form, 'learn') === '1';
  checkPhotoCount(photoCount, photos.length);
  return { photos, threshold, photoCount, priority, learn };
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
