import type { DatasetReviews, PhotoPairs, PhotosFacts } from '@swipenet/shared/contract/studio/photos.ts';
import { json, type Operation } from './operation.ts';

const DATASET = 'c0ffee'.padEnd(64, '0');

const factsExample: PhotosFacts = {
  photos: [
    {
      ...{ number: 7, id: '0123456789abcdef', label: 'LIKE', part: 'training', profile: 3, inProfile: 2 },
      ...{ path: 'like/ada/1.jpg', like: 0.08 },
    },
  ],
};

const pairsExample: PhotoPairs = {
  pairs: [{ left: 7, right: 12, bits: 3 }],
  ...{ total: 1, acrossSplits: 1, acrossLabels: 0 },
};

const reviewsExample: DatasetReviews = {
  reviews: [
    {
      ...{ dataset: DATASET, changed: 3, dropped: 1, revision: '0123456789abcdef' },
      check: { state: 'running', words: 'Rating the other photos', done: 2_000, total: 151_081 },
    },
  ],
};

const UNKNOWN = ['studio_unknown', 'studio_refused'] as const;
const BODY = ['body_too_large', 'body_too_slow', 'body_malformed', 'request_aborted'] as const;

/** The description of the routes behind the studio's screen for data. */
export const photoOperations = {
  studioPhotoNumbers: {
    summary: 'Get the numbers of the photos of a dataset that match',
    description: 'Four bytes per number, in little-endian order. Suspected label errors come with the worst first.',
    parameters: ['dataset', 'label', 'part', 'profile', 'show'],
    answer: { type: 'application/octet-stream' },
    codes: ['query_invalid', ...UNKNOWN],
  },
  studioPhotoFacts: {
    summary: 'Get what a dataset says about photos',
    parameters: ['dataset', 'photos'],
    answer: json('PhotosFacts', factsExample),
    codes: ['query_invalid', ...UNKNOWN],
  },
  studioPhoto: {
    summary: 'Get a photo of a dataset as gray levels, 256 × 256',
    parameters: ['dataset', 'photo'],
    answer: { type: 'application/octet-stream' },
    codes: ['query_invalid', ...UNKNOWN],
  },
  studioPairs: {
    summary: 'Get the pairs of photos that look alike',
    description:
      'As the build of the dataset found them. Pairs in different splits come first, then those with different labels.',
    parameters: ['dataset'],
    answer: json('PhotoPairs', pairsExample),
    codes: [...UNKNOWN],
  },
  studioDraft: {
    summary: 'Get the changes that aren’t saved yet, and the look-alikes that a person keeps both of',
    description: 'LIKE and NOPE list profiles, `dropped` lists photos, and `keptPairs` lists pairs of photos.',
    parameters: ['dataset'],
    answer: json('LabelDraft', { LIKE: [], NOPE: [3, 8], dropped: [12], keptPairs: [[4, 9]] }),
    codes: [...UNKNOWN],
  },
  studioRelabel: {
    summary: 'Change the label of photos’ profiles, without saving it',
    description: 'The body has the photos’ numbers, four bytes each, in little-endian order.',
    parameters: ['dataset', 'label'],
    answer: json('Relabeled', { changed: [7] }),
    codes: ['query_invalid', ...BODY, ...UNKNOWN],
  },
  studioDrop: {
    summary: 'Leave photos out of the next version, or keep them, without saving it',
    description:
      'Also remembers of which look-alikes a person keeps both (`keepPairs`), or forgets that (`reopenPairs`). The response has what changed.',
    parameters: ['dataset'],
    takes: { schema: 'PhotoDrops', example: { drop: [12], keep: [7], keepPairs: [], reopenPairs: [[7, 12]] } },
    answer: json('DropsChanged', { drop: [12], keep: [], keepPairs: [], reopenPairs: [] }),
    codes: [...BODY, ...UNKNOWN],
  },
  studioDraftDiscard: {
    summary: 'Forget the changed labels and the dropped photos, but not of which look-alikes both are kept',
    parameters: ['dataset'],
    answer: json('DatasetReviews', reviewsExample),
    codes: ['body_too_large', ...UNKNOWN],
  },
  studioVersionSave: {
    summary: 'Save the changed labels, without the dropped photos, as a new dataset',
    parameters: ['dataset'],
    takes: { schema: 'NewVersion', example: { name: 'flowers-2' } },
    answer: json('DatasetMade', { id: DATASET }),
    codes: [...BODY, ...UNKNOWN],
  },
  studioLabelCheck: {
    summary: 'Look for labels that are probably wrong',
    description: 'Rates each photo with a model that didn’t see its profile, which takes minutes.',
    parameters: ['dataset'],
    answer: json('DatasetReviews', reviewsExample),
    codes: ['body_too_large', ...UNKNOWN],
  },
  studioLabelCheckStop: {
    summary: 'Stop looking for labels that are probably wrong',
    parameters: ['dataset'],
    answer: json('DatasetReviews', reviewsExample),
    codes: ['body_too_large', ...UNKNOWN],
  },
} as const satisfies Record<string, Operation>;
