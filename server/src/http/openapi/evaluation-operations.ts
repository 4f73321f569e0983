import type {
  EvaluationAnswer,
  EvaluationFigures,
  EvaluationSubject,
  StudioEvaluations,
} from '@swipenet/shared/contract/studio/evaluations.ts';
import { json, type Operation } from './operation.ts';

const subjectExample: EvaluationSubject = {
  model: { id: 'quality', sha256: 'ab12'.padEnd(64, '0') },
  dataset: { id: 'c0ffee'.padEnd(64, '0'), name: 'flowers' },
  part: 'validation',
  rule: { rule: 'any', threshold: 0.4 },
};

const figuresExample: EvaluationFigures = {
  ...{ count: 60, likes: 30, auc: 0.93, ece: 0.05, meanLoss: 0.31 },
  reliability: [{ from: 0.8, to: 1, count: 20, confidence: 0.9, likeShare: 0.95 }],
  roc: [
    { threshold: null, likesFound: 0, nopesLiked: 0 },
    { threshold: 0.4, likesFound: 0.9, nopesLiked: 0.1 },
    { threshold: 0.01, likesFound: 1, nopesLiked: 1 },
  ],
};

const evaluationsExample: StudioEvaluations = {
  evaluations: [
    {
      ...{ id: '9f86d081884c7d659a2feaa0c55ad015', subject: subjectExample, state: 'running' },
      ...{ scored: 24, photos: 60, message: null, auc: null },
    },
  ],
};

const evaluationExample: EvaluationAnswer = {
  ...{ id: '9f86d081884c7d659a2feaa0c55ad015', subject: subjectExample },
  result: { note: null, trainedOn: 0, photos: figuresExample, profiles: figuresExample },
  exists: { model: true, dataset: true },
};

/** The description of the routes behind the Judge screen. */
export const evaluationOperations = {
  studioEvaluations: {
    summary: 'List the evaluations of models on datasets',
    answer: json('StudioEvaluations', evaluationsExample),
    codes: [],
  },
  studioEvaluationStart: {
    summary: 'Evaluate a model on a part of a dataset',
    description: 'Responds once it is in the queue. If it was computed before, nothing is computed again.',
    takes: { schema: 'EvaluationRequest', example: { model: 'quality', dataset: 'c0ffee', part: 'validation' } },
    answer: json('EvaluationChanged', { id: evaluationExample.id }),
    codes: ['body_malformed', 'body_too_large', 'studio_unknown', 'studio_refused'],
  },
  studioEvaluation: {
    summary: 'Get the figures of an evaluation that is done',
    parameters: ['evaluation'],
    answer: json('EvaluationAnswer', evaluationExample),
    codes: ['studio_unknown'],
  },
  studioEvaluationScores: {
    summary: 'Get the scores of an evaluation as numbers of four bytes',
    description:
      'Little-endian columns: the photos’ numbers, profiles and LIKE confidences, then the profiles’ numbers and confidences. Those labeled LIKE come first, and each label is sorted by confidence, highest first.',
    parameters: ['evaluation'],
    answer: { type: 'application/octet-stream' },
    codes: ['studio_unknown'],
  },
  studioEvaluationDelete: {
    summary: 'Delete an evaluation, or cancel it',
    parameters: ['evaluation'],
    answer: json('EvaluationChanged', { id: evaluationExample.id }),
    codes: ['body_too_large', 'studio_unknown', 'studio_refused'],
  },
} as const satisfies Record<string, Operation>;
