import { marginsOf } from '@swipenet/shared/confidence.ts';
import { type Batch, BatchStream, partBatches } from '../dataset/batches/batch-stream.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { RunReporter } from '../report/run-reporter.ts';
import { ChildTrainingEngine, type Usage } from '../step/child-training-engine.ts';
import type { TrainingEngine } from '../step/training-engine.ts';
import { type Checkpoint, type Progress, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { CLASSES, type Run } from './run.ts';
import type { MetricLine, Prediction } from './run-files.ts';
import { checkpointPath, openMetrics } from './run-folder.ts';
import { train } from './trainer.ts';

/** Batches to prepare while a step computes. One would be enough, because a step takes longer than a batch. */
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
  /** The checkpoint with the lowest validation loss. */
  readonly checkpoint: Checkpoint;
  /** Fitted on the validation set. The exported model divides its logits by it. */
  readonly temperature: number;
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
  const { folder, configuration, dataset, plan } = run;
  const { signal, now } = watch;
  const { layout } = plan;
  const last = await readCheckpoint(checkpointPath(folder, 'last'), layout);
  const append = await openMetrics(folder, last.progress.step);
  const reporter = new RunReporter(folder, configuration, watch.onReportTrouble);
  const { position } = last.progress;
  const stream = new BatchStream(dataset, { ...configuration, position, ahead: BATCHES_AHEAD, now });
  const validation = () => partBatches(dataset, 'validation', configuration);
  const engine = await ChildTrainingEngine.open(run.engine, last);
  try {
    const end = await train(
      {
        ...{ engine, stream, validation, signal, now },
        ...{ schedule: run.schedule, masks: plan.masks, seed: configuration.seed },
        ...{ classes: CLASSES, stepsPerCall: run.engine.graph.stepsPerCall, saveEveryMs: SAVE_EVERY_MS },
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
    const { temperature, metrics } = await reporter.conclude(await predict(engine, dataset, validation()));
    const validationLoss = checkpoint.progress.best?.loss ?? 0;
    return { ended: 'finished', finished: { checkpoint, temperature, metrics: { validationLoss, ...metrics } } };
  } finally {
    await stream.close();
    await engine.close();
  }
}

async function predict(engine: TrainingEngine, { photos }: Dataset, part: AsyncIterable<Batch>): Promise<Prediction[]> {
  const predictions: Prediction[] = [];
  for await (const batch of part) {
    const margins = marginsOf(await engine.evaluate(batch.photos));
    for (const [index, number] of batch.numbers.entries()) {
      const { id, profile, label } = photos[number]!;
      predictions.push({ id, profile, label, margin: margins[index]! });
    }
  }
  return predictions;
}
