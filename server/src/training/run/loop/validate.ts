import { marginsOf } from '@swipenet/shared/confidence.ts';
import type { Batch } from '../../dataset/batches/batch-stream.ts';
import type { Dataset } from '../../dataset/dataset.ts';
import type { TrainingEngine } from '../../step/training-engine.ts';
import type { Prediction } from '../folder/run-files.ts';
import { isClass, logitsOfRow } from './score-batch.ts';

/** Figures of a network on a validation set. */
export interface ValidationFigures {
  /** The loss that decides which checkpoint is best, in nats. */
  readonly loss: number;
  /** From 0 to 1. */
  readonly accuracy: number;
}

/** Returns the cross-entropy and the accuracy over the photos of a split, or undefined if it is empty. */
export async function photoFigures(
  engine: Pick<TrainingEngine, 'evaluate'>,
  part: AsyncIterable<Batch>,
): Promise<ValidationFigures | undefined> {
  let [count, loss, correct] = [0, 0, 0];
  for await (const batch of part) {
    const logits = await engine.evaluate(batch.photos);
    const classes = logits.length / batch.labels.length;
    for (let index = 0; index < batch.count; index += 1) {
      const row = logitsOfRow(logits, index, classes);
      const label = batch.labels[index]!;
      const largest = Math.max(...row);
      loss += largest - row[label]! + Math.log(row.reduce((sum, logit) => sum + Math.exp(logit - largest), 0));
      if (isClass(row, label)) correct += 1;
    }
    count += batch.count;
  }
  return count === 0 ? undefined : { loss: loss / count, accuracy: correct / count };
}

/** Computes the margins of a split's photos. */
export async function predict(
  engine: Pick<TrainingEngine, 'evaluate'>,
  { photos }: Pick<Dataset, 'photos'>,
  part: AsyncIterable<Batch>,
): Promise<Prediction[]> {
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
