// Checks the labels of a dataset: `node label-check-process.ts DATASET-FOLDER REVIEW-FOLDER THREADS`. It takes minutes.
import { openDataset } from '../../training/dataset/dataset.ts';
import { heldOutConfidences } from '../../training/label-check/held-out-confidences.ts';
import { readPretrained } from '../../training/run/start/pretrained.ts';
import { runJobProgram } from '../jobs/job-program.ts';
import { writeHeldOut } from './held-out-file.ts';

/** The random seed that decides what is held out when, so that a check always gives the same result. */
const SEED = 1;

const WORDS = {
  features: 'Computing features of photos to learn from',
  learning: 'Learning what labels look like',
  rating: 'Rating the other photos',
};

await runJobProgram(async ([folder, review, threads], report) => {
  report({ words: 'Opening the dataset', done: 0, total: 0 });
  await using dataset = await openDataset(folder!);
  const confidences = await heldOutConfidences({
    ...{ dataset, threads: Number(threads), seed: SEED, pretrained: (await readPretrained('base'))! },
    onProgress: (phase, done, total) => report({ words: WORDS[phase], done, total }),
  });
  await writeHeldOut(review!, confidences);
});
