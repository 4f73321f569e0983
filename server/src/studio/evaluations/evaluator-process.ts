// Evaluates a model: `node evaluator-process.ts EVALUATION-FOLDER DATASET-FOLDER THREADS MODEL-FOLDER…`. ONNX Runtime blocks
// its thread, and the figures of a large dataset take seconds.
import { runJobProgram } from '../jobs/job-program.ts';
import { readEvaluation, writeEvaluated } from './evaluation-files.ts';
import { openEvaluator } from './evaluator.ts';

/** How many photos to score between two reports of the progress. */
const AT_ONCE = 16;

await runJobProgram(async ([own, folder, threads, ...models], report) => {
  const { subject } = (await readEvaluation(own!))!;
  const evaluator = await openEvaluator({ subject, folder: folder!, models, threads: Number(threads) });
  for (let done = 0; done < evaluator.photos; ) {
    report({ words: 'Scoring', done, total: evaluator.photos });
    done = await evaluator.score(AT_ONCE);
  }
  await writeEvaluated(own!, evaluator.finish());
});
