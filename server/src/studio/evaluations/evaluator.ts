import type {
  EvaluationResult,
  EvaluationScores,
  EvaluationSubject,
} from '@swipenet/shared/contract/studio/evaluations.ts';
import { CommandError } from '../../command-error.ts';
import { grayLevels } from '../../image/photo-bytes.ts';
import { readModelFile } from '../../inference/read-model-file.ts';
import { loadServedModel } from '../../registry/model-registry.ts';
import { readTrainedOn } from '../../registry/trained-on.ts';
import { openDataset } from '../../training/dataset/dataset.ts';
import { scoreLevels } from '../../training/evaluation/score-levels.ts';
import { judge } from './judged.ts';

/** What to evaluate, and where it is. */
export interface EvaluatorQuestion {
  readonly subject: EvaluationSubject;
  /** The folder of the dataset. */
  readonly folder: string;
  /** The folders to search for the model. */
  readonly models: readonly string[];
  readonly threads: number;
}

/** The result of an evaluation. */
export interface Evaluated {
  readonly result: EvaluationResult;
  readonly scores: EvaluationScores;
}

/** An evaluation in progress. */
export interface Evaluator {
  /** The number of photos to score. */
  readonly photos: number;
  /** Scores the next `count` photos, or those that are left. Returns how many are scored by now. */
  score(count: number): Promise<number>;
  /** Computes the figures once all photos are scored. */
  finish(): Evaluated;
}

/**
 * Opens a model and a part of a dataset. Checks the model's and the dataset's hashes. It stays open until the process
 * ends.
 *
 * @throws CommandError what opening them throws; `model_missing` if another model took its ID; `dataset_invalid` if
 *   another dataset took its folder; `option_invalid` if the part has no photos.
 */
export async function openEvaluator({ subject, folder, models, threads }: EvaluatorQuestion): Promise<Evaluator> {
  const { model, dataset: wanted, part, rule } = subject;
  const served = await loadServedModel(models, model.id);
  const { preprocessing, model: file } = served.manifest;
  if (file.sha256 !== model.sha256) throw new CommandError('model_missing', `the model ${model.id} is another one now`);
  const dataset = await openDataset(folder);
  if (dataset.id !== wanted.id) throw new CommandError('dataset_invalid', `${folder} is another dataset now`);
  const numbers = dataset.numbersOf(part);
  if (numbers.length === 0) throw new CommandError('option_invalid', `${wanted.name} has no ${part} set`);
  const levels = async function* () {
    for (const number of numbers) {
      const photo = grayLevels();
      await dataset.readPhoto(number, photo);
      yield photo;
    }
  };
  const bytes = await readModelFile({ modelPath: served.modelPath, sha256: file.sha256 });
  const scoring = scoreLevels(bytes, levels(), threads);
  const trained = await readTrainedOn(models, served);
  const likes: number[] = [];
  return {
    photos: numbers.length,
    async score(count) {
      for (let left = count; left > 0 && likes.length < numbers.length; left -= 1) {
        likes.push((await scoring.next()).value);
      }
      return likes.length;
    },
    finish() {
      const photos = likes.map((like, at) => {
        const { label, profile, id } = dataset.photos[numbers[at]!]!;
        return { number: numbers[at]!, label, profile, id, like };
      });
      const { figures, scores } = judge(photos, rule);
      const { resize } = preprocessing;
      const note =
        resize === dataset.head.resize
          ? null
          : `The dataset was built with the resize mode ${dataset.head.resize}, but the model serves photos with ${resize}.`;
      const trainedOn = trained ? photos.filter(({ id }) => trained.photos.has(id)).length : null;
      return { result: { note, trainedOn, ...figures }, scores };
    },
  };
}
