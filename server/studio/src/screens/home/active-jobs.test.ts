import { expect, it } from 'vitest';
import { activeJobs } from './active-jobs.ts';

const job = (run: string, state: 'running' | 'waiting') => ({
  ...{ id: `job-${run}`, run, state, addedAt: '', startedAt: null, endedAt: null, message: null },
});
const evaluation = (id: string, state: 'running' | 'waiting' | 'done') => ({
  ...{ id, state, scored: 0, photos: 0, message: null, auc: null },
  subject: {
    ...{ model: { id: 'quality', sha256: '' }, dataset: { id: 'c0ffee', name: 'flowers' }, part: 'test' as const },
    rule: { rule: 'any' as const, threshold: 0.4 },
  },
});
const review = (dataset: string, state: 'running' | 'done') => ({
  ...{ dataset, changed: 0, dropped: 0, revision: '' },
  check: { state, words: '', done: 0, total: 0 },
});

it('lists runs, evaluations and checks that run or wait, and where to see them', () => {
  const found = activeJobs({
    jobs: { jobs: [job('roses', 'running'), job('tulips', 'waiting')], version: '' },
    evaluations: { evaluations: [evaluation('e1', 'running'), evaluation('e2', 'done'), evaluation('e3', 'waiting')] },
    reviews: { reviews: [review('c0ffee', 'running'), review('decade', 'done'), review('gone', 'running')] },
    datasets: [{ id: 'c0ffee', name: 'flowers' }],
  });
  expect(found.map(({ name, words, address }) => `${name}, ${words}: ${address}`)).toEqual([
    'roses, training: /studio/train/roses',
    'tulips, waiting: /studio/train/tulips',
    'quality on flowers, judging: /studio/judge/e1',
    'quality on flowers, waiting to judge: /studio/judge/e3',
    'flowers, checking labels: /studio/data/c0ffee',
    'gone, checking labels: /studio/data/gone',
  ]);
});

it('lists nothing before anything is known', () => {
  expect(activeJobs({ jobs: undefined, evaluations: undefined, reviews: undefined, datasets: [] })).toEqual([]);
});
