import type { JobStop, StudioJobs } from '@swipenet/shared/contract/studio/jobs.ts';
import type { RunMetrics, StudioRuns } from '@swipenet/shared/contract/studio/runs.ts';
import type { StudioTraining, TrainingRequest } from '@swipenet/shared/contract/studio/training.ts';
import { json, type Operation } from './operation.ts';

const request: TrainingRequest = {
  ...{ dataset: 'c0ffee'.padEnd(64, '0'), name: 'flowers', mode: 'full', target: null },
  values: { epochs: '10', learningRate: '0.001', mirror: false },
};

const form: StudioTraining = {
  fields: [
    {
      ...{ name: 'epochs', flag: '--epochs', help: 'how many times to go through the training set' },
      ...{
        kind: 'number',
        value: '25',
        words: null,
        fullOnly: true,
        choices: null,
        least: 1,
        most: null,
        isWhole: true,
      },
    },
  ],
  presets: [
    {
      ...{ id: 'article', title: 'The article’s recipe', help: 'GoogLeNet from scratch, as in DIGITS.' },
      ...{ mode: 'full', target: null, values: { init: 'none' } },
    },
  ],
};

const jobs: StudioJobs = {
  jobs: [
    {
      ...{ id: 'mh2k3l4m-0a1b2c3d', run: 'flowers', state: 'running', message: null },
      ...{ addedAt: '2026-11-28T12:00:00.000Z', startedAt: '2026-11-28T12:00:01.000Z', endedAt: null },
    },
  ],
};

const runs: StudioRuns = {
  runs: [
    {
      ...{ name: 'flowers', state: 'running', message: null, job: 'mh2k3l4m-0a1b2c3d', at: '2026-11-28T12:00:01.000Z' },
      ...{ request, datasetName: 'flowers.set', canResume: false, hasReport: true, hasModel: false },
      progress: { step: 25, steps: 100, epoch: 2.5, epochs: 10, imagesPerSecond: 14.2, leftMs: 169_000 },
    },
  ],
};

const metrics: RunMetrics = {
  ...{ next: '1234.5678-220', isNew: true, hasMore: false },
  steps: { step: [1], loss: [1.1], accuracy: [0.5], learningRate: [0.001] },
  epochs: [{ step: 10, epoch: 1, part: 'validation', loss: 0.62, accuracy: 0.7 }],
};

const stop: JobStop = { how: 'pause' };

/** The description of the routes behind the studio's screen for training. */
export const trainingOperations = {
  studioTraining: {
    summary: 'Get the fields and presets of the form for training',
    answer: json('StudioTraining', form),
    codes: [],
  },
  studioJobs: { summary: 'List the jobs, in the order they were added', answer: json('StudioJobs', jobs), codes: [] },
  studioJobStart: {
    summary: 'Add a job that trains a model',
    description: 'It starts when the jobs before it have ended. The response lists all jobs.',
    takes: { schema: 'TrainingRequest', example: request },
    answer: json('StudioJobs', jobs),
    codes: ['body_malformed', 'studio_unknown', 'studio_refused'],
  },
  studioJobStop: {
    summary: 'Stop a job that runs',
    description: '`pause` saves a checkpoint first. `abort` ends it right away. Its run can be resumed in both cases.',
    parameters: ['job'],
    takes: { schema: 'JobStop', example: stop },
    answer: json('StudioJobs', jobs),
    codes: ['body_malformed', 'studio_unknown', 'studio_refused'],
  },
  studioJobDelete: {
    summary: 'Remove a job that waits or has ended',
    description: 'What its run has made stays.',
    parameters: ['job'],
    answer: json('StudioJobs', jobs),
    codes: ['studio_unknown', 'studio_refused'],
  },
  studioJobLog: {
    summary: 'Get the last lines of a job’s output',
    parameters: ['job'],
    answer: json('JobLog', { lines: ['Mode full: --mode', 'step 1/100  epoch 0.10  loss 1.1000'] }),
    codes: ['studio_unknown'],
  },
  studioRuns: {
    summary: 'List the runs, newest first',
    description: 'Runs that a command started are among them.',
    answer: json('StudioRuns', runs),
    codes: [],
  },
  studioRunResume: {
    summary: 'Add a job that resumes a run from its last checkpoint',
    parameters: ['run'],
    answer: json('StudioJobs', jobs),
    codes: ['studio_unknown', 'studio_refused'],
  },
  studioRunMetrics: {
    summary: 'Get what a run has measured since the previous request',
    parameters: ['run', 'from'],
    answer: json('RunMetrics', metrics),
    codes: ['studio_unknown', 'studio_refused'],
  },
  studioRunReport: {
    summary: 'Make a link to a run’s report, which works once',
    parameters: ['run'],
    answer: json('ReportLink', { path: '/v1/studio/reports/rE4lly4r4nd0mc0de' }),
    codes: ['studio_unknown'],
  },
  studioReport: {
    summary: 'Open a report by its link',
    description: 'Its scripts run in a sandbox, with an origin of their own.',
    parameters: ['code'],
    answer: { type: 'text/html' },
    codes: ['studio_unknown'],
  },
} as const satisfies Record<string, Operation>;
