import { LABELS } from '@swipenet/shared/confidence.ts';
import { PARTS } from '@swipenet/shared/contract/studio/datasets.ts';
import { LAYERS } from '@swipenet/shared/contract/studio/layers.ts';
import { EXPORT_FORMATS } from '@swipenet/shared/contract/studio/models.ts';
import { PHOTO_CHOICES } from '@swipenet/shared/contract/studio/photos.ts';
import type { JsonSchema } from './schemas.ts';

/** The parameters that routes take in their query or path. */
export const parameters = {
  evidence: {
    in: 'query',
    description: '`1` adds a 7 × 7 map to each photo that shows where the evidence for LIKE is.',
    schema: { enum: ['0', '1'], default: '0' },
  },
  threshold: {
    in: 'query',
    description: 'The threshold for which agreement is computed. The default is that of each swipe’s moment.',
    schema: { type: 'number', minimum: 0, maximum: 1 },
  },
  nonce: {
    in: 'query',
    required: true,
    description: 'At least 128 random bits in base64url.',
    schema: { type: 'string', pattern: '^[\\w-]{22,128}$' },
  },
  cursor: {
    in: 'query',
    description: '`next` of the previous page.',
    schema: { type: 'integer', minimum: 0 },
  },
  dataset: {
    in: 'path',
    required: true,
    description: 'The `id` of a dataset.',
    schema: { type: 'string' },
  },
  photos: {
    in: 'query',
    required: true,
    description: 'The numbers of photos in the dataset, separated by commas.',
    schema: { type: 'string', pattern: '^\\d+(,\\d+)*$' },
  },
  label: {
    in: 'query',
    description: 'Photos with this label, or the new label.',
    schema: { enum: LABELS },
  },
  part: {
    in: 'query',
    description: 'Photos of this split.',
    schema: { enum: PARTS },
  },
  profile: {
    in: 'query',
    description: 'Photos of the profile with this number.',
    schema: { type: 'integer', minimum: 0 },
  },
  show: {
    in: 'query',
    description:
      'Photos whose labels are probably wrong, pairs that look alike under different labels, or photos whose label was changed.',
    schema: { enum: PHOTO_CHOICES, default: 'all' },
  },
  import: {
    in: 'path',
    required: true,
    description: 'The `id` of an import.',
    schema: { type: 'string' },
  },
  model: {
    in: 'path',
    required: true,
    description: 'The ID of a model.',
    schema: { type: 'string' },
  },
  modelId: {
    in: 'query',
    required: true,
    description: 'The ID of the new model.',
    schema: { type: 'string' },
  },
  modelFile: {
    in: 'query',
    required: true,
    description: 'The format of the file.',
    schema: { enum: EXPORT_FORMATS },
  },
  job: {
    in: 'path',
    required: true,
    description: 'The `id` of a job.',
    schema: { type: 'string' },
  },
  run: {
    in: 'path',
    required: true,
    description: 'The `name` of a run.',
    schema: { type: 'string' },
  },
  code: {
    in: 'path',
    required: true,
    description: 'The code in the `path` of a link to a report.',
    schema: { type: 'string' },
  },
  from: {
    in: 'query',
    description: '`next` of the previous response. Without it, the metrics begin with the first step.',
    schema: { type: 'string' },
  },
  layer: {
    in: 'query',
    required: true,
    description: 'The layer to look into.',
    schema: { enum: LAYERS },
  },
  evaluation: {
    in: 'path',
    required: true,
    description: 'The `id` of an evaluation.',
    schema: { type: 'string' },
  },
  photo: {
    in: 'path',
    required: true,
    description: 'The number of a photo in the dataset.',
    schema: { type: 'integer', minimum: 0 },
  },
  file: {
    in: 'path',
    required: true,
    description: 'The path of a file below the studio’s folder, or of a screen.',
    schema: { type: 'string' },
  },
  id: {
    in: 'path',
    required: true,
    description: 'The `id` of a swipe.',
    schema: { type: 'integer', minimum: 1 },
  },
} as const satisfies Record<string, JsonSchema>;

export type ParameterName = keyof typeof parameters;
