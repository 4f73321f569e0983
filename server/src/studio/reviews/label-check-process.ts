// The program that checks the labels of a dataset, which takes minutes of every core.
import { setPriority } from 'node:os';
import { serveParent } from '../../child/serve-parent.ts';
import { openDataset } from '../../training/dataset/dataset.ts';
import { heldOutConfidences } from '../../training/label-check/held-out-confidences.ts';
import { readPretrained } from '../../training/run/pretrained.ts';
import type { CheckProgress, CheckProtocol } from './label-check.ts';

/** The lowest priority: people who score photos come first. */
const NICENESS = 19;

/** The random seed that decides what is held out when, so that a check always gives the same result. */
const SEED = 1;

const WORDS = {
  features: 'Computing features of photos to learn from',
  learning: 'Learning what labels look like',
  rating: 'Rating the other photos',
};

let now: CheckProgress = { words: 'Opening the dataset', done: 0, total: 0 };
let result: Promise<CheckProgress> | undefined;
let tick = Promise.withResolvers<void>();

setPriority(NICENESS);

async function check(folder: string, threads: number): Promise<CheckProgress> {
  await using dataset = await openDataset(folder);
  const confidences = await heldOutConfidences({
    ...{ dataset, threads, seed: SEED, pretrained: (await readPretrained('base'))! },
    onProgress: (phase, done, total) => {
      now = { words: WORDS[phase], done, total };
      tick.resolve();
      tick = Promise.withResolvers<void>();
    },
  });
  return { ...now, confidences };
}

serveParent<CheckProtocol>({
  start: ({ folder, threads }) => {
    result = check(folder, threads);
    result.catch(() => {}); // the next question reports it
  },
  next: () => Promise.race([result!, tick.promise.then(() => now)]),
});
