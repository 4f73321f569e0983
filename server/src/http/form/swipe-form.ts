import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { type SwipeField, type SwipeRequest, swipeRequestSchema } from '@swipenet/shared/contract/swipes.ts';
import type { Context } from 'hono';
import type { ReceivedPhoto } from '../../image/photo-bytes.ts';
import type { AppEnv } from '../dependencies.ts';
import { readJson } from './json-body.ts';
import { checkPhotoCount, type FieldRules, isMultipart, readPhotoForm } from './photo-form.ts';

/** A validated swipe. */
export interface SwipeForm {
  readonly request: SwipeRequest;
  /** The photos, if the request is a form and not JSON. */
  readonly photos: readonly ReceivedPhoto[] | undefined;
}

const EXPECTED: Record<SwipeField, string> = {
  scoreId: 'the scoreId of a score',
  swipe: 'left or right',
  site: 'up to 40 letters, digits, dots and dashes',
  profile: 'an ID of 1 to 128 characters',
  photoCount: 'a whole number from 1 to 999999',
  decision: 'left, right or hold',
  decidedBy: 'network, rule or words, and present if there is a decision',
  probability: 'a number from 0 to 1',
  threshold: 'a number from 0 to 1',
  model: 'a model ID',
  verdict: 'hidden or shown if there is a decision, otherwise none',
};

/** The longest field is the profile's ID, of up to 128 characters. */
const FIELDS: FieldRules = {
  isKnown: (name) => Object.hasOwn(EXPECTED, name),
  maxBytes: 1024,
  invalid: (name) => invalid(name as SwipeField),
};

/** The fields that are numbers. In a form, they are text. */
const NUMBERS: readonly string[] = ['photoCount', 'probability', 'threshold'] satisfies SwipeField[];

/**
 * Reads the body of a swipe: JSON, usually with the ID of a score, or a multipart form with photos.
 *
 * @throws SwipenetError `swipe_invalid` naming the field, and of the form: what {@link readPhotoForm} throws,
 *   `photo_count_invalid`.
 */
export async function readSwipe(context: Context<AppEnv>): Promise<SwipeForm> {
  if (!isMultipart(context)) {
    return { request: parseFields(await readJson(context)), photos: undefined };
  }
  const { photos, fields } = await readPhotoForm(context, FIELDS);
  const request = parseFields(Object.fromEntries([...fields].map(([name, text]) => [name, numberOr(name, text)])));
  checkPhotoCount(request.photoCount ?? photos.length, photos.length);
  return { request, photos };
}

/** Converts the text of a number, and leaves anything else to the schema. */
function numberOr(name: string, text: string): number | string {
  return NUMBERS.includes(name) && /^\d+(\.\d+)?(e-?\d+)?$/i.test(text) ? Number(text) : text;
}

function parseFields(fields: unknown): SwipeRequest {
  const parsed = swipeRequestSchema.safeParse(fields);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === 'unrecognized_keys') {
    throw new SwipenetError('field_unknown', `unknown field ${JSON.stringify(issue.keys[0]!.slice(0, 40))}`);
  }
  const field = issue?.path[0] as SwipeField | undefined;
  if (field === undefined) throw new SwipenetError('body_malformed', 'the body must be a JSON object or a form');
  throw invalid(field);
}

const invalid = (field: SwipeField) => new SwipenetError('swipe_invalid', `${field} must be ${EXPECTED[field]}`);
