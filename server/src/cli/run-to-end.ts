import { systemClock } from '../clock.ts';
import { openDataset } from '../training/dataset/dataset.ts';
import { type Conclusion, RunReporter } from '../training/report/run-reporter.ts';
import type { RunConfiguration } from '../training/run/run-folder.ts';
import { type BestModel, runTraining, scheduleOf } from '../training/run/run-training.ts';
import { ChildTrainingEngine } from '../training/step/child-training-engine.ts';
import { stopOnSignal } from './signals.ts';
import { beginLines, stoppedLine } from './train-lines.ts';
import { TrainProgress } from './train-progress.ts';

/** A run in its folder, and what is told of it at the start. */
export interface RunAtHand {
  readonly folder: string;
  readonly configuration: RunConfiguration;
  /** Why it computes where it does. */
  readonly reason: string;
  /** What of the network learns from nothing, where the run is new. */
  readonly fresh?: readonly string[] | undefined;
}

/**
 * Goes on with a run to its end, telling how it goes on standard error, and writes its report.
 *
 * @returns its best model and what that is worth on the validation part; `undefined` where it was stopped by a signal.
 */
export async function runToEnd({
  folder,
  configuration,
  reason,
  fresh,
}: RunAtHand): Promise<{ best: BestModel; conclusion: Conclusion } | undefined> {
  const dataset = await openDataset(configuration.data.folder);
  const { steps } = scheduleOf(configuration, dataset.numbersOf('training').length);
  console.error(beginLines(folder, configuration, steps, reason, fresh));
  const progress = new TrainProgress(process.stderr, systemClock.now, steps);
  const reporter = new RunReporter(folder, configuration, (error) => console.error(`\nno report: ${error}`));
  using signal = stopOnSignal(() => console.error('\nstopping after this step; once more ends at once'));
  let engine: ChildTrainingEngine | undefined;
  const { best, ...end } = await runTraining({
    folder,
    configuration,
    dataset,
    openEngine: async (options, state) => {
      engine = await ChildTrainingEngine.open(options, state);
      return engine;
    },
    report: (line) => {
      progress.tell(line);
      reporter.tell(line);
      if (line.kind === 'step')
        engine?.usage().then(
          (usage) => progress.used(usage),
          () => {},
        );
    },
    signal,
    now: systemClock.now,
  }).finally(() => dataset.close());
  if (best) return { best, conclusion: await reporter.conclude(best.predictions) };
  await reporter.settle();
  console.error(stoppedLine(folder, end.progress));
  return undefined;
}
