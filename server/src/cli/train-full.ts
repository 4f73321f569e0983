import { join, resolve } from 'node:path';
import { systemClock } from '../inference/clock.ts';
import type { Device } from '../runtime/session.ts';
import { ChildTrainingEngine } from '../training/child-training-engine.ts';
import { openDataset } from '../training/dataset/dataset.ts';
import { publishRun } from '../training/publish-run.ts';
import { RunReporter } from '../training/report/run-reporter.ts';
import { readRun } from '../training/run-folder.ts';
import { runTraining, scheduleOf } from '../training/run-training.ts';
import { stopOnSignal } from './stop-on-signal.ts';
import type { TrainFlags } from './train-flags.ts';
import { beginLines, endLines, stoppedLine } from './train-lines.ts';
import { TrainProgress } from './train-progress.ts';
import { newRun } from './train-run.ts';

/** Where a run is kept, and where it computes. */
export interface TrainPlace {
  readonly home: string;
  readonly device: Device;
  /** Why that device, for people. */
  readonly reason: string;
}

/** `swipenet train --mode full`: learns the whole network, a new run or one that is gone on with. */
export async function trainFull(flags: TrainFlags, { home, device, reason }: TrainPlace): Promise<void> {
  const begun = flags.data !== undefined ? await newRun({ ...flags, data: flags.data }, { home, device }) : undefined;
  const folder = begun?.folder ?? resolve(flags.resume!);
  const configuration = begun?.configuration ?? (await readRun(folder));
  const dataset = await openDataset(configuration.data.folder);
  const { steps } = scheduleOf(configuration, dataset.numbersOf('training').length);
  console.error(beginLines(folder, configuration, steps, reason, begun?.fresh));
  const progress = new TrainProgress(process.stderr, systemClock.now, steps);
  const reporter = new RunReporter(folder, configuration, (error) => console.error(`\nno report: ${error}`));
  const signal = stopOnSignal(() => console.error('\nstopping after this step; once more ends at once'));
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
  if (!best) {
    await reporter.settle();
    console.error(stoppedLine(folder, end.progress));
    return;
  }
  const models = join(home, 'models');
  const { temperature, metrics: judged } = await reporter.conclude(best.predictions);
  const metrics = { validationLoss: best.checkpoint.progress.best?.loss ?? 0, ...judged };
  const { parameters } = best.checkpoint;
  const manifest = await publishRun({ models, configuration, dataset, parameters, temperature, metrics });
  console.log(endLines(manifest, models, folder));
}
