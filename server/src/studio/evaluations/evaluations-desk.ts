import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type {
  EvaluationAnswer,
  EvaluationRequest,
  EvaluationSubject,
  StudioEvaluation,
} from '@swipenet/shared/contract/studio/evaluations.ts';
import { withThreshold } from '@swipenet/shared/decision.ts';
import { CommandError } from '../../command-error.ts';
import { sha256 } from '../../files/sha256.ts';
import type { Home } from '../../home/home.ts';
import { ruleOf } from '../../registry/manifest.ts';
import { modelFolders } from '../../registry/model-folders.ts';
import { isServed, listModels } from '../../registry/model-registry.ts';
import type { DatasetShelf } from '../datasets/dataset-shelf.ts';
import {
  deleteEvaluation,
  readEvaluation,
  readScoreBytes,
  type StoredEvaluation,
  writeSubject,
} from './evaluation-files.ts';
import { EvaluationQueue, type EvaluationQueueOptions } from './evaluation-queue.ts';

/** What the desk needs from the rest of the studio. */
export interface EvaluationsDeskOptions extends EvaluationQueueOptions {
  readonly home: Home;
  readonly datasets: Pick<DatasetShelf, 'folderOf'>;
}

/**
 * Evaluations of models on parts of datasets. Each is computed once, and stays when its model or its dataset is deleted.
 */
export class EvaluationsDesk {
  readonly #home: Home;
  readonly #datasets: EvaluationsDeskOptions['datasets'];
  readonly #queue: EvaluationQueue;
  readonly #onChange: () => void;
  /** Stored evaluations that are done, by ID. They don't change. */
  readonly #done = new Map<string, StoredEvaluation>();

  constructor({ home, datasets, ...queue }: EvaluationsDeskOptions) {
    this.#home = home;
    this.#datasets = datasets;
    this.#queue = new EvaluationQueue(queue);
    this.#onChange = queue.onChange;
  }

  /** Lists every evaluation, sorted by model, dataset and part. */
  async list(): Promise<StudioEvaluation[]> {
    const names = await readdir(this.#home.evaluations).catch((): string[] => []); // without a folder there are none yet
    for (const id of this.#done.keys()) if (!names.includes(id)) this.#done.delete(id);
    const listed = await Promise.all(names.filter((name) => ID.test(name)).map((id) => this.#describe(id)));
    const key = ({ id, subject }: StudioEvaluation) =>
      subject ? [subject.model.id, subject.dataset.name, subject.part, id].join('\n') : `\uffff${id}`;
    return listed.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
  }

  /**
   * Evaluates a model on a part of a dataset, unless that is done or in progress. Returns the evaluation's ID.
   *
   * @throws SwipenetError `studio_unknown`; CommandError `model_missing`, `model_invalid`, `model_not_served`,
   *   `home_unusable`.
   */
  async start({ model, dataset, part }: EvaluationRequest): Promise<string> {
    const folder = await this.#datasets.folderOf(dataset);
    const name = basename(folder);
    const subject: EvaluationSubject = { ...(await this.#modelOf(model)), dataset: { id: dataset, name }, part };
    const id = idOf(subject);
    if (this.#queue.has(id) || (await this.#stored(id))?.result) return id;
    const own = this.#home.evaluation(id);
    await writeSubject(own, subject);
    this.#queue.add(id, { subject, folder, models: modelFolders(this.#home) }, own);
    return id;
  }

  /** Returns an evaluation that is done, with the threshold that its model has now. Throws SwipenetError `studio_unknown`. */
  async get(id: string): Promise<EvaluationAnswer> {
    const { subject, result } = await this.#doneOne(id);
    const models = (await listModels(modelFolders(this.#home))).flatMap(({ id: model, manifest }) =>
      model === subject.model.id && !(manifest instanceof CommandError) ? [manifest] : [],
    );
    const now = models.find(({ model }) => model.sha256 === subject.model.sha256);
    const rule = withThreshold(subject.rule, now && ruleOf(now).threshold);
    const hasDataset = await this.#datasets.folderOf(subject.dataset.id).then(
      () => true,
      () => false,
    );
    return { id, subject: { ...subject, rule }, result, exists: { model: now !== undefined, dataset: hasDataset } };
  }

  /** Returns the scores of an evaluation, as {@link readScores} reads them. Throws SwipenetError `studio_unknown`. */
  async scores(id: string): Promise<Buffer> {
    const { result } = await this.#doneOne(id);
    const bytes = await readScoreBytes(this.#home.evaluation(id), result);
    if (!bytes) throw new SwipenetError('studio_unknown', 'the scores of this evaluation are damaged; delete it');
    return bytes;
  }

  /** Deletes an evaluation, or cancels it. Throws SwipenetError `studio_unknown`; CommandError `home_unusable`. */
  async remove(id: string): Promise<void> {
    if (!ID.test(id) || !(await this.list()).some((one) => one.id === id)) throw unknown();
    await this.#queue.remove(id);
    await deleteEvaluation(this.#home.evaluation(id));
    this.#done.delete(id);
    this.#onChange();
  }

  /** Ends the evaluation in progress. */
  close(): Promise<void> {
    return this.#queue.close();
  }

  async #modelOf(id: string): Promise<Pick<EvaluationSubject, 'model' | 'rule'>> {
    const folders = modelFolders(this.#home);
    const found = (await listModels(folders)).find((model) => model.id === id);
    if (!found) throw new CommandError('model_missing', `the model ${id} no longer exists`);
    const { manifest } = found;
    if (manifest instanceof CommandError) throw manifest;
    if (!isServed(manifest)) throw new CommandError('model_not_served', `the model ${id} is only a starting point`);
    return { model: { id, sha256: manifest.model.sha256 }, rule: ruleOf(manifest) };
  }

  async #describe(id: string): Promise<StudioEvaluation> {
    const stored = await this.#stored(id);
    const nothing = { id, subject: stored?.subject ?? null, scored: 0, photos: 0, message: null, auc: null };
    const progress = this.#queue.get(id);
    if (progress) return { ...nothing, subject: progress.subject, ...progress.state };
    if (!stored) return { ...nothing, state: 'damaged', message: 'its files can’t be read' };
    const { result } = stored;
    if (!result) return { ...nothing, state: 'stopped', message: 'the server stopped before it was done' };
    const { photos, profiles } = result;
    const auc = { photos: photos.auc, profiles: profiles.auc };
    return { ...nothing, state: 'done', scored: photos.count, photos: photos.count, auc };
  }

  async #doneOne(id: string): Promise<Pick<EvaluationAnswer, 'subject' | 'result'>> {
    const stored = ID.test(id) ? await this.#stored(id) : undefined;
    if (!stored?.result) throw unknown();
    return { subject: stored.subject, result: stored.result };
  }

  async #stored(id: string): Promise<StoredEvaluation | undefined> {
    const known = this.#done.get(id);
    if (known) return known;
    const stored = await readEvaluation(this.#home.evaluation(id));
    if (stored?.result) this.#done.set(id, stored);
    return stored;
  }
}

const ID = /^[0-9a-f]{32}$/;

/** An evaluation's ID covers everything that its scores depend on. A threshold changes none of them. */
const idOf = ({ model, dataset, part, rule: { threshold: _, ...rule } }: EvaluationSubject) =>
  sha256(JSON.stringify([model.sha256, dataset.id, part, rule])).slice(0, 32);

const unknown = () => new SwipenetError('studio_unknown', 'this evaluation no longer exists, or isn’t done');
