import type { StudioModels } from '@swipenet/shared/contract/studio/models.ts';
import { json, type Operation } from './operation.ts';

const modelsExample: StudioModels = {
  models: [
    {
      ...{ id: 'quality', isActive: true, isServed: true, isEmbedded: true },
      about: {
        ...{ bytes: 12_100_000, precision: 'fp32', parent: null, canScore: true },
        metrics: { 'validation accuracy': 0.97 },
        provenance: { description: 'trained on drawn photos', command: 'npm run train:default' },
      },
    },
  ],
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
  studioModels: { summary: 'List the models', answer: json('StudioModels', modelsExample), codes: ['studio_refused'] },
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
