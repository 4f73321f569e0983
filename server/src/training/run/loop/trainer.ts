import { CommandError } from '../../../command-error.ts';
import { LOSS_WEIGHTS } from '../../../googlenet/training-form.ts';
import type { BatchStream } from '../../dataset/batches/batch-stream.ts';
import { learningRateAt } from '../../step/schedule.ts';
import { GROUPS, type Rows } from '../../step/state-layout.ts';
import type { StepAnswer, StepInput, TrainingEngine } from '../../step/training-engine.ts';
import type { Checkpoint, Progress } from '../folder/checkpoint.ts';
import type { MetricLine } from '../folder/run-files.ts';
import { CallFeed, type CallFeedOptions } from './call-feed.ts';
import { accuracyOf } from './score-batch.ts';
import type { ValidationFigures } from './validate.ts';

const HEAD_WEIGHTS = Object.values(LOSS_WEIGHTS);

/** Everything that training needs. */
export interface TrainerOptions extends CallFeedOptions {
  readonly engine: TrainingEngine;
  /** Must start at the position that `progress` names. */
  readonly stream: Pick<BatchStream, 'next' | 'batchesPerEpoch'>;
  /** Measures the engine's network on the validation set. Returns undefined if the set is empty. */
  readonly validate: () => Promise<ValidationFigures | undefined>;
  readonly classes: number;
  /** Saves a checkpoint: the last one, or the one with the lowest validation loss. */
  readonly save: (which: 'last' | 'best', checkpoint: Checkpoint) => Promise<void>;
  /** Called after every step and every epoch. */
  readonly report: (line: MetricLine) => void;
  /** Aborts to stop the run after the current call. The run saves a checkpoint first. */
  readonly signal: AbortSignal;
  /** Returns milliseconds since an arbitrary moment. */
  readonly now: () => number;
  /** How often to save a checkpoint within an epoch, in milliseconds. The end of an epoch always saves one. */
  readonly saveEveryMs: number;
}

/** How a run ended, and how far it got. */
export interface TrainingEnd {
  readonly ended: 'finished' | 'stopped';
  readonly progress: Progress;
}

/**
 * Trains from `start` to the end of the schedule. The result depends only on the configuration and on the state at the
 * start. On a CPU with the same number of threads, a run that was interrupted and resumed is therefore bit for bit
 * identical to one that wasn't.
 *
 * @throws CommandError `training_diverged`, naming the step and its learning rate.
 * @throws the errors of the engine, the stream and `save`.
 */
export async function train(options: TrainerOptions, start: Progress): Promise<TrainingEnd> {
  const feed = new CallFeed(options, start.step);
  try {
    return await trainOn(feed, options, start);
  } finally {
    await feed.close();
  }
}

async function trainOn(feed: CallFeed, options: TrainerOptions, start: Progress): Promise<TrainingEnd> {
  const { engine, stream, schedule, stepsPerCall, signal, now } = options;
  const startedAt = now();
  let waitedMs = 0;
  let progress = start;
  let savedAt = now();
  const save = async (which: 'last' | 'best') => {
    const { parameters, momenta } = await engine.state();
    checkFinite(parameters, progress.step, learningRateAt(schedule, progress.step - 1));
    await options.save(which, { progress, parameters, momenta });
    if (which === 'last') savedAt = now();
  };

  while (progress.step < schedule.steps) {
    if (signal.aborted) {
      await save('last');
      return { ended: 'stopped', progress };
    }
    const calledAt = now();
    const { batches, inputs } = await feed.next();
    waitedMs += now() - calledAt;
    const answers = await engine.step(inputs);
    const imagesPerSecond = (1000 * stepsPerCall * batches[0]!.labels.length) / Math.max(1, now() - calledAt);
    const waiting = waitedMs / Math.max(1, now() - startedAt);
    let epochEnded = false;
    for (const [index, batch] of batches.entries()) {
      const learningRate = learningRateAt(schedule, progress.step);
      const step = lossAndAccuracy(answers[index]!, inputs[index]!, options.classes);
      if (!Number.isFinite(step.loss)) throw diverged(progress.step + 1, learningRate);
      const sums = add(progress.epochSoFar, step);
      progress = { ...progress, step: progress.step + 1, position: batch.next, epochSoFar: sums };
      const epoch = progress.step / stream.batchesPerEpoch;
      const { loss, accuracy } = step;
      const figures = { epoch, loss, accuracy, learningRate, imagesPerSecond, waiting };
      options.report({ kind: 'step', step: progress.step, ...figures });
      if (batch.next.epoch > batch.epoch) {
        epochEnded = true;
        const means = { loss: sums.loss / sums.steps, accuracy: sums.accuracy / sums.steps };
        options.report({ kind: 'epoch', step: progress.step, epoch, part: 'training', ...means });
        progress = { ...progress, epochSoFar: NO_STEPS_YET };
      }
    }
    if (epochEnded) {
      const validation = await options.validate();
      if (validation) {
        const epoch = progress.step / stream.batchesPerEpoch;
        options.report({ kind: 'epoch', step: progress.step, epoch, part: 'validation', ...validation });
        if (!Number.isFinite(validation.loss))
          throw diverged(progress.step, learningRateAt(schedule, progress.step - 1));
      }
      if (!validation || validation.loss < (progress.best?.loss ?? Number.POSITIVE_INFINITY)) {
        progress = { ...progress, best: { step: progress.step, loss: validation?.loss ?? 0 } };
        await save('best');
      }
    }
    if (epochEnded || now() - savedAt >= options.saveEveryMs) await save('last');
  }
  return { ended: 'finished', progress };
}

/** The sums at the start of an epoch. */
export const NO_STEPS_YET: Progress['epochSoFar'] = { steps: 0, loss: 0, accuracy: 0 };

/** Returns the loss that training minimizes, the main classifier's own loss, and its accuracy. */
function lossAndAccuracy({ losses, logits }: StepAnswer, { targets }: StepInput, classes: number) {
  const loss = losses.reduce((sum, one, head) => sum + HEAD_WEIGHTS[head]! * one, 0);
  return { loss, mainLoss: losses[0]!, accuracy: accuracyOf(logits, targets, classes) };
}

const add = (sums: Progress['epochSoFar'], { mainLoss, accuracy }: ReturnType<typeof lossAndAccuracy>) => ({
  steps: sums.steps + 1,
  loss: sums.loss + mainLoss,
  accuracy: sums.accuracy + accuracy,
});

function checkFinite(rows: Rows, step: number, learningRate: number): void {
  for (const group of GROUPS) if (!rows[group].every(Number.isFinite)) throw diverged(step, learningRate);
}

function diverged(step: number, learningRate: number): CommandError {
  const at = `step ${step}, at a learning rate of ${Number(learningRate.toPrecision(3))}`;
  const advice = 'Lower --learning-rate to a tenth, or use a longer --warmup. The previous checkpoint is intact';
  return new CommandError('training_diverged', `the loss of ${at}, is not a finite number. ${advice}`);
}
