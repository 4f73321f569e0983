import type { Removal } from '@swipenet/shared/contract/studio/removal.ts';
import { json, type Operation } from './operation.ts';

const example: Removal = {
  ...{ folder: '/home/ada/.local/share/swipenet/datasets/flowers', bytes: 26_400_000, sharedBytes: 0, files: 6 },
  ...{ isLink: false, runs: ['roses'], refusal: null },
};

/** The description of the routes that delete datasets and runs. */
export const removalOperations = {
  studioDatasetRemoval: {
    summary: 'Get what deleting a dataset would delete',
    parameters: ['dataset'],
    answer: json('Removal', example),
    codes: ['studio_unknown'],
  },
  studioDatasetDelete: {
    summary: 'Delete a dataset in the data folder',
    description: 'Refused while something uses it. Evaluations on it stay.',
    parameters: ['dataset'],
    answer: json('Removed', { name: 'flowers' }),
    codes: ['studio_unknown', 'studio_refused'],
  },
  studioRunRemoval: {
    summary: 'Get what deleting a run would delete',
    parameters: ['run'],
    answer: json('Removal', { ...example, folder: '/home/ada/.local/share/swipenet/runs/flowers', runs: [] }),
    codes: ['studio_unknown'],
  },
  studioRunDelete: {
    summary: 'Delete a run with its checkpoints',
    description: 'Refused while it is trained or waits for that. The model that it made stays.',
    parameters: ['run'],
    answer: json('Removed', { name: 'flowers' }),
    codes: ['studio_unknown', 'studio_refused'],
  },
} as const satisfies Record<string, Operation>;
