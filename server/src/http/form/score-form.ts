import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { type Priority, SCORE_LIMITS, type ScoreField, scoreFieldSchemas } from '@swipenet/shared/contract/score.ts';
import type { Context } from 'hono';
import type { ReceivedPhoto } from '../../image/photo-bytes.ts';
import type { AppEnv } from '../dependencies.ts';
import { checkPhotoCount, type FieldRules, readPhotoForm } from './photo-form.ts';

/** The validated body of a score request. */
export interface ScoreForm {
  readonly photos: readonly ReceivedPhoto[];
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

const FIELDS: FieldRules = {
  isKnown: (name) => Object.hasOwn(scoreFieldSchemas, name),
  maxBytes: SCORE_LIMITS.maxFieldBytes,
  invalid: (name, start) => invalid(name as ScoreField, start),
};

/**
 * Reads a score request's multipart body.
 *
 * @throws SwipenetError naming what is wrong: what {@link readPhotoForm} throws, `threshold_invalid`,
 *   `photo_count_invalid`, `priority_invalid`, `learn_invalid`.
 */
export async function readScoreForm(context: Context<AppEnv>): Promise<ScoreForm> {
  const { photos, fields } = await readPhotoForm(context, FIELDS);
  const threshold = readField(fields, 'threshold');
  const photoCount = readField(fields, 'photoCount') ?? photos.length;
  const priority = readField(fields, 'priority') ?? 'now';
  const learn = readField(fields, 'learn') === '1';
  checkPhotoCount(photoCount, photos.length);
  return { photos, threshold, photoCount, priority, learn };
}

function readField<Field extends ScoreField>(fields: ReadonlyMap<string, string>, field: Field) {
  type Output = ReturnType<(typeof scoreFieldSchemas)[Field]['parse']>;
  const text = fields.get(field);
  if (text === undefined) return undefined;
  const parsed = scoreFieldSchemas[field].safeParse(text);
  if (parsed.success) return parsed.data as Output;
  throw invalid(field, text);
}

const invalid = (field: ScoreField, text: string) =>
  new SwipenetError(CODES[field], `${field} must be ${EXPECTED[field]}, got ${JSON.stringify(text)}`);
