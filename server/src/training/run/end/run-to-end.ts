import { ARTICLE_RULE, type DecisionRule } from '@swipenet/shared/decision.ts';
import { type Batch, BatchStream, partBatches } from '../../dataset/batches/batch-stream.ts';
import { targetsByNumber } from '../../profiles/photo-targets.ts';
import { fitProfileRule } from '../../profiles/profile-rule.ts';
import { profileFigures, scoredProfiles } from '../../profiles/validation-profiles.ts';
import { RunReporter } from '../../report/run-reporter.ts';
import { ChildTrainingEngine, type Usage } from '../../step/child-training-engine.ts';
import { oneHot } from '../../step/loss.ts';
import type { Rows } from '../../step/state-layout.ts';
import type { TrainingEngine } from '../../step/training-engine.ts';
import { type Checkpoint, type Progress, readCheckpoint, writeCheckpoint } from '../folder/checkpoint.ts';
import type { MetricLine } from '../folder/run-files.ts';
import { checkpointPath, openMetrics } from '../folder/run-folder.ts';
import { train } from '../loop/trainer.ts';
import { photoFigures, predict, type ValidationFigures } from '../loop/validate.ts';
import { CLASSES, type Run } from '../run.ts';
import { foldCalibration } from './fold-calibration.ts';

/** The least number of batches to read ahead. It is at least a call's, which is a single one on a CPU. */
const BATCHES_AHEAD = 3;

/** How often to save a checkpoint within an epoch, in milliseconds. */
const SAVE_EVERY_MS = 10 * 60_000;

/** How to observe and stop a run. */
export interface RunWatch {
  /** Called after every step and epoch, once its metrics are in the run's folder. */
  readonly onMetric: (line: MetricLine) => void;
  /** Called after each step with the resources that the training process has used so far. */
  readonly onUsage: (usage: Usage) => void;
  /** Called if a report can't be written. The run continues. */
  readonly onReportTrouble: (error: unknown) => void;
  /** Aborts to stop the run after the current step, with a checkpoint. */
  readonly signal: AbortSignal;
  /** Returns milliseconds since an arbitrary moment. */
  readonly now: () => number;
}

/** The result of a run. */
export interface FinishedRun {
  /** The parameters with the lowest validation loss. If labels are of whole profiles, they are calibrated. */
  readonly parameters: Rows;
  /** Fitted on the validation set. The exported model divides its logits by it. */
  readonly temperature: number;
  /** How the model decides profiles. */
  readonly rule: DecisionRule;
  /** Metrics on the validation set, for the model's manifest. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** How a run ended. */
export type RunEnd =
  | { readonly ended: 'finished'; readonly finished: FinishedRun }
  | { readonly ended: 'stopped'; readonly progress: Progress };

/**
 * Trains from a run's last checkpoint to its end, or until the signal aborts. Writes metrics and the report to the
 * run's folder.
 *
 * @throws CommandError what {@link train} throws.
 */
export async function runToEnd(run: Run, watch: RunWatch): Promise<RunEnd> {
  const { folder, configuration, dataset, plan, targets } = run;
  const { signal, now } = watch;
  const { layout } = plan;
  const last = await readCheckpoint(checkpointPath(folder, 'last'), layout);
  const append = await openMetrics(folder, last.progress.step);
  const reporter = new RunReporter(folder, configuration, watch.onReportTrouble);
  const { position } = last.progress;
  const { stepsPerCall } = run.engine.graph;
  const ahead = Math.max(BATCHES_AHEAD, stepsPerCall);
  const stream = new BatchStream(dataset, { ...configuration, position, ahead });
  const pick = targets && targetsByNumber(dataset.numbersOf('training'), targets);
  const targetsOf = ({ numbers, labels }: Batch) => pick?.(numbers) ?? oneHot(labels, CLASSES);
  const engine = await ChildTrainingEngine.open(run.engine, last);
  try {
    const end = await train(
      {
        ...{ engine, stream, targetsOf, signal, now },
        validate: () => validate(run, engine),
        ...{ schedule: run.schedule, masks: plan.masks, seed: configuration.seed },
        ...{ classes: CLASSES, stepsPerCall, saveEveryMs: SAVE_EVERY_MS },
        save: (which, checkpoint) => writeCheckpoint(checkpointPath(folder, which), layout, checkpoint),
        report: (line) => {
          append(line);
          watch.onMetric(line);
          reporter.record(line);
          // Usage is only displayed. If the process has died, the pending step reports it.
          if (line.kind === 'step') engine.usage().then(watch.onUsage, () => {});
        },
      },
      last.progress,
    );
    if (end.ended === 'stopped') {
      await reporter.settle();
      return { ended: 'stopped', progress: end.progress };
    }
    const checkpoint = await readCheckpoint(checkpointPath(folder, 'best'), layout);
    await engine.load(checkpoint);
    return { ended: 'finished', finished: await conclude(run, engine, checkpoint, reporter) };
  } finally {
    await stream.close();
    await engine.close();
  }
}

const validationBatches = ({ dataset, configuration }: Run) => partBatches(dataset, 'validation', configuration);

/** Measures a network on the validation set: by its profiles if they have the labels, and otherwise by its photos. */
async function validate(run: Run, engine: TrainingEngine): Promise<ValidationFigures | undefined> {
  if (!run.configuration.profiles) return await photoFigures(engine, validationBatches(run));
  return profileFigures(await predict(engine, run.dataset, validationBatches(run)), run.configuration.seed);
}

/** Evaluates the best checkpoint, which the engine has loaded, and calibrates it. */
async function conclude(
  run: Run,
  engine: TrainingEngine,
  { parameters, progress }: Checkpoint,
  reporter: RunReporter,
): Promise<FinishedRun> {
  const predictions = await predict(engine, run.dataset, validationBatches(run));
  const loss = progress.best?.loss ?? 0;
  const { profiles } = run.configuration;
  if (!profiles) {
    const { temperature, metrics } = await reporter.conclude(predictions, ARTICLE_RULE);
    return { parameters, temperature, rule: ARTICLE_RULE, metrics: { validationLoss: loss, ...metrics } };
  }
  const { slope, bias, rule } = fitProfileRule(scoredProfiles(predictions), profiles.target);
  const calibrated = predictions.map(({ margin, ...photo }) => ({ ...photo, margin: slope * margin + bias }));
  const { temperature, metrics } = await reporter.conclude(calibrated, rule);
  return {
    parameters: foldCalibration(run.plan.layout, parameters, { slope, bias }),
    ...{ temperature, rule },
    metrics: { validationCrossFittedLoss: loss, ...metrics },
  };
}
