import { CommandError } from '../../command-error.ts';
import { LOSS_WEIGHTS } from '../../googlenet/training-form.ts';
import type { Batch, BatchStream, TrainingBatch } from '../dataset/batches/batch-stream.ts';
import { dropoutMasks } from '../step/dropout-masks.ts';
import { oneHot } from '../step/loss.ts';
import { learningRateAt, type Schedule } from '../step/schedule.ts';
import { GROUPS, type Rows } from '../step/state-layout.ts';
import type { StepAnswer, TrainingEngine } from '../step/training-engine.ts';
import type { MaskShapes } from '../step/training-graph.ts';
import type { Checkpoint, Progress } from './checkpoint.ts';
import type { MetricLine } from './run-files.ts';

const HEAD_WEIGHTS = Object.values(LOSS_WEIGHTS);

/** What a run is made of. */
export interface TrainerOptions {
  readonly engine: TrainingEngine;
  /** Begins where `progress` says. */
  readonly stream: Pick<BatchStream, 'next' | 'batchesPerEpoch' | 'waitedMs'>;
  /** The validation part, once. */
  readonly validation: () => AsyncIterable<Batch>;
  readonly schedule: Schedule;
  readonly masks: MaskShapes;
  readonly classes: number;
  /** Steps in one call of the engine; the run's steps are a multiple. */
  readonly stepsPerCall: number;
  readonly seed: number;
  /** Keeps a checkpoint: the last, or the best by validation loss. Throws where it cannot. */
  readonly save: (which: 'last' | 'best', checkpoint: Checkpoint) => Promise<void>;
  /** Told of every step and every epoch. */
  readonly report: (line: MetricLine) => void;
  /** Aborts to end the run after the call that runs: a checkpoint is kept. */
  readonly signal: AbortSignal;
  /** Milliseconds since some moment. */
  readonly now: () => number;
  /** A checkpoint is kept after every epoch, and within one after so long. */
  readonly saveEveryMs: number;
}

/** How a run ended, and where. */
export interface TrainingEnd {
  readonly ended: 'finished' | 'stopped';
  readonly progress: Progress;
}

/**
 * Trains from where `begin` is to the end of the schedule. What comes of it is a function of the run's configuration
 * and the state it begins from alone: interrupted and gone on with, it is bit for bit the same on a CPU with as many threads.
 *
 * @throws CommandError `training_diverged`, naming the step and its learning rate; and what the engine, the stream and `save` throw.
 */
export async function train(options: TrainerOptions, begin: Progress): Promise<TrainingEnd> {
  const { engine, stream, schedule, stepsPerCall, signal, now } = options;
  const [beginning, waitedBefore] = [now(), stream.waitedMs];
  let progress = begin;
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
    const batches: TrainingBatch[] = [];
    while (batches.length < stepsPerCall) batches.push(await stream.next());
    const answers = await engine.step(batches.map((batch, index) => stepInput(options, batch, progress.step + index)));
    const imagesPerSecond = (1000 * stepsPerCall * batches[0]!.labels.length) / Math.max(1, now() - calledAt);
    const waiting = (stream.waitedMs - waitedBefore) / Math.max(1, now() - beginning);
    let epochEnded = false;
    for (const [index, batch] of batches.entries()) {
      const learningRate = learningRateAt(schedule, progress.step);
      const step = judge(answers[index]!, batch, options.classes);
      if (!Number.isFinite(step.loss)) throw diverged(progress.step + 1, learningRate);
      const sofar = add(progress.epochSoFar, step);
      progress = { ...progress, step: progress.step + 1, position: batch.next, epochSoFar: sofar };
      const epoch = progress.step / stream.batchesPerEpoch;
      const { loss, accuracy } = step;
      const figures = { epoch, loss, accuracy, learningRate, imagesPerSecond, waiting };
      options.report({ kind: 'step', step: progress.step, ...figures });
      if (batch.next.epoch > batch.epoch) {
        epochEnded = true;
        const means = { loss: sofar.loss / sofar.steps, accuracy: sofar.accuracy / sofar.steps };
        options.report({ kind: 'epoch', step: progress.step, epoch, part: 'training', ...means });
        progress = { ...progress, epochSoFar: NOTHING_YET };
      }
    }
    if (epochEnded) {
      const validation = await validate(engine, options.validation());
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

/** Sums over an epoch of which no step is behind. */
export const NOTHING_YET: Progress['epochSoFar'] = { steps: 0, loss: 0, accuracy: 0 };

function stepInput({ schedule, masks, seed, classes }: TrainerOptions, batch: TrainingBatch, step: number) {
  return {
    photos: batch.photos,
    targets: oneHot(batch.labels, classes),
    masks: dropoutMasks(masks, seed, step),
    learningRate: learningRateAt(schedule, step),
  };
}

/** The loss as it is minimised, the main head's own, and its share of right answers. */
function judge({ losses, logits }: StepAnswer, { labels }: Batch, classes: number) {
  const loss = losses.reduce((sum, one, head) => sum + HEAD_WEIGHTS[head]! * one, 0);
  const right = Array.from(labels, (label, index) => isRight(rowOf(logits, index, classes), label));
  return { loss, mainLoss: losses[0]!, accuracy: right.filter(Boolean).length / labels.length };
}

const rowOf = (logits: Float32Array, index: number, classes: number) =>
  logits.subarray(index * classes, (index + 1) * classes);

const isRight = (row: Float32Array, label: number) =>
  row.every((logit, other) => other === label || logit < row[label]!);

const add = (sums: Progress['epochSoFar'], { mainLoss, accuracy }: ReturnType<typeof judge>) => ({
  steps: sums.steps + 1,
  loss: sums.loss + mainLoss,
  accuracy: sums.accuracy + accuracy,
});

/** Cross-entropy and share of right answers over a part; `undefined` where it is empty. */
async function validate(engine: TrainingEngine, part: AsyncIterable<Batch>) {
  let [count, loss, right] = [0, 0, 0];
  for await (const batch of part) {
    const logits = await engine.evaluate(batch.photos);
    const classes = logits.length / batch.labels.length;
    for (let index = 0; index < batch.count; index += 1) {
      const row = rowOf(logits, index, classes);
      const label = batch.labels[index]!;
      const largest = Math.max(...row);
      loss += largest - row[label]! + Math.log(row.reduce((sum, logit) => sum + Math.exp(logit - largest), 0));
      if (isRight(row, label)) right += 1;
    }
    count += batch.count;
  }
  return count === 0 ? undefined : { loss: loss / count, accuracy: right / count };
}

function checkFinite(rows: Rows, step: number, learningRate: number): void {
  for (const group of GROUPS) if (!rows[group].every(Number.isFinite)) throw diverged(step, learningRate);
}

function diverged(step: number, learningRate: number): CommandError {
  const advice = 'try a lower --learning-rate (a tenth), or a longer --warmup; the checkpoint before it is whole';
  const at = `step ${step}, at a learning rate of ${Number(learningRate.toPrecision(3))},`;
  const what = `${at} gave a loss that is not a finite number`;
  return new CommandError('training_diverged', `${what}: ${advice}`);
}
