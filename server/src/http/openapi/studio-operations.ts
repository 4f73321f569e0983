import { SCORE_LIMITS } from '@swipenet/shared/contract/score.ts';
import { type StudioDatasets, THUMBNAIL_SIZE } from '@swipenet/shared/contract/studio/datasets.ts';
import { IMPORT_LIMITS } from '@swipenet/shared/contract/studio/imports.ts';
import type { LayerView } from '@swipenet/shared/contract/studio/layers.ts';
import { MAX_MODEL_BYTES, type StudioModels } from '@swipenet/shared/contract/studio/models.ts';
import { evaluationOperations } from './evaluation-operations.ts';
import { json, type Operation } from './operation.ts';
import { photoOperations } from './photo-operations.ts';
import { removalOperations } from './removal-operations.ts';
import { trainingOperations } from './training-operations.ts';

const IMPORT = '0f8fad5b-d9cb-469f-a165-70867728950e';

const datasetsExample: StudioDatasets = {
  datasets: [
    {
      ...{ id: 'c0ffee'.padEnd(64, '0'), name: 'flowers', folder: '/home/ada/.local/share/swipenet/datasets/flowers' },
      isOwn: true,
      about: {
        photos: 400,
        parts: {
          training: { NOPE: { photos: 170, profiles: 170 }, LIKE: { photos: 170, profiles: 170 } },
          validation: { NOPE: { photos: 30, profiles: 30 }, LIKE: { photos: 30, profiles: 30 } },
          test: { NOPE: { photos: 0, profiles: 0 }, LIKE: { photos: 0, profiles: 0 } },
        },
        ...{ leftOut: 3, nearAcrossLabels: 1 },
      },
    },
  ],
};

const modelsExample: StudioModels = {
  models: [
    {
      ...{ id: 'quality', isActive: true, isServed: true, isEmbedded: true },
      about: {
        ...{ bytes: 12_100_000, precision: 'fp32', parent: null, canScore: true },
        metrics: { 'validation accuracy': 0.97 },
        facts: [['training', 'on drawn photos']],
      },
    },
  ],
};

export const layerExample: LayerView = {
  ...{ model: 'quality', like: 0.98, layer: 'classifier', side: 1 },
  statistics: { mean: 0.1, deviation: 2, least: -1.9, most: 2.1, zeros: 0, histogram: [1, 1] },
  maps: [
    { channel: 1, mean: 2.1, most: 2.1 },
    { channel: 0, mean: -1.9, most: -1.9 },
  ],
  pixels: 'AAA=',
};

/** The description of the routes behind the studio's screens. */
export const studioOperations = {
  studio: { summary: 'Get the studio’s page', answer: { type: 'text/html' }, codes: ['studio_not_built'] },
  studioFile: {
    summary: 'Get a file of the studio, or its page for the address of a screen',
    parameters: ['file'],
    answer: { type: 'text/html' },
    codes: ['studio_not_built', 'route_unknown'],
  },
  studioDatasets: {
    summary: 'List the datasets: those in the home folder, and those of the runs there',
    answer: json('StudioDatasets', datasetsExample),
    codes: [],
  },
  studioThumbnails: {
    summary: 'Get photos of a dataset as gray levels',
    description: `One byte per pixel, ${THUMBNAIL_SIZE} × ${THUMBNAIL_SIZE} per photo, one photo after the other.`,
    parameters: ['dataset', 'photos'],
    answer: { type: 'application/octet-stream' },
    codes: ['query_invalid', 'studio_unknown', 'studio_refused'],
  },
  ...trainingOperations,
  ...removalOperations,
  ...evaluationOperations,
  ...photoOperations,
  studioImportBegin: {
    summary: 'Begin an import of photos',
    answer: json('ImportBegun', { id: IMPORT }),
    codes: ['body_too_large', 'studio_refused'],
  },
  studioImportFiles: {
    summary: 'Add files to an import',
    description: [
      'The body is the length of a head, 4 bytes in little-endian order, the head as JSON, and then the files one after the other.',
      `The head is a list of up to ${IMPORT_LIMITS.filesAtOnce} files: \`label\`, \`path\` below the label’s folder, and \`bytes\`.`,
    ].join(' '),
    parameters: ['import'],
    answer: json('ImportProgress', { files: 100 }),
    codes: ['body_malformed', 'body_too_large', 'body_too_slow', 'request_aborted', 'studio_unknown', 'studio_refused'],
  },
  studioImportBuild: {
    summary: 'Build a dataset from an import',
    description: 'Responds when it is done. If the client disconnects, nothing of the import is left.',
    parameters: ['import'],
    takes: { schema: 'NewVersion', example: { name: 'flowers' } },
    answer: json('ImportBuilt', {
      ...{ id: 'c0ffee'.padEnd(64, '0'), photos: 398 },
      leftOut: [{ path: 'LIKE/anna/3.txt', message: 'it isn’t a photo' }],
    }),
    codes: ['body_malformed', 'body_too_large', 'body_too_slow', 'request_aborted', 'studio_unknown', 'studio_refused'],
  },
  studioImportCancel: {
    summary: 'Delete the files of an import',
    parameters: ['import'],
    answer: json('ImportBegun', { id: IMPORT }),
    codes: ['body_too_large'],
  },
  studioModels: { summary: 'List the models', answer: json('StudioModels', modelsExample), codes: ['studio_refused'] },
  studioModelImport: {
    summary: 'Import a model from the file in the body',
    description: `The file may have ${MAX_MODEL_BYTES / 1e6} MB. The query has the flags of \`models import\`.`,
    parameters: ['modelId', 'modelFile'],
    answer: json('ModelChanged', { id: 'mine' }),
    codes: ['query_invalid', 'body_too_large', 'body_too_slow', 'body_malformed', 'request_aborted', 'studio_refused'],
  },
  studioModelActivate: {
    summary: 'Make a model the active one',
    description: 'Responds once the server uses it. Requests in progress finish with the old model.',
    parameters: ['model'],
    answer: json('ModelChanged', { id: 'mine' }),
    codes: ['body_too_large', 'reload_failed', 'studio_refused', 'shutting_down'],
  },
  studioModelExport: {
    summary: 'Get a model’s file for other programs',
    parameters: ['model', 'modelFile'],
    answer: { type: 'application/octet-stream' },
    codes: ['query_invalid', 'studio_refused'],
  },
  studioModelDelete: {
    summary: 'Delete a model',
    description: 'Not one that is active, in use by a server, or comes with Swipenet.',
    parameters: ['model'],
    answer: json('ModelChanged', { id: 'mine' }),
    codes: ['body_too_large', 'studio_refused'],
  },
  studioLayers: {
    summary: 'See what a layer of the model in use makes of the photo in the body',
    description: [
      `The photo may have ${SCORE_LIMITS.maxPhotoBytes / 1e6} MB. An int8 model shows its fp32 parent.`,
      'The maps are gray levels in base64, the most active first.',
    ].join(' '),
    parameters: ['layer'],
    answer: json('LayerView', layerExample),
    codes: [
      'query_invalid',
      'body_too_large',
      'body_too_slow',
      'body_malformed',
      'request_aborted',
      'queue_full',
      'deadline_exceeded',
      'studio_refused',
      'shutting_down',
    ],
  },
  studioLabelPhotos: {
    summary: 'Get the gray copies of a swipe’s photos',
    description: 'One byte per pixel, 256 × 256 per photo, one photo after the other. Empty unless photos are kept.',
    parameters: ['id'],
    answer: { type: 'application/octet-stream' },
    codes: ['swipe_unknown', 'taste_disk_full', 'taste_unavailable'],
  },
  studioEvents: {
    summary: 'Follow what changes, as server-sent events',
    description:
      'Each event’s name says what its data, in JSON, are about. Everything there is comes first, then what has changed.',
    answer: {
      type: 'text/event-stream',
      example: 'event: machine\ndata: {"cpu":0.42,"memoryUsedBytes":4096,"memoryTotalBytes":8192}\n\n',
    },
    codes: ['queue_full'],
  },
} as const satisfies Record<string, Operation>;
