import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type {
  EvaluationAnswer,
  EvaluationRequest,
  EvaluationSubject,
  StudioEvaluation,
} from '@swipenet/shared/contract/studio/evaluations.ts';
import { hasEnded } from '@swipenet/shared/contract/studio/jobs.ts';
import { withThreshold } from '@swipenet/shared/decision.ts';
import { CommandError } from '../../command-error.ts';
import { sha256 } from '../../files/sha256.ts';
import type { Home } from '../../home/home.ts';
import { ruleOf } from '../../registry/manifest.ts';
import { modelFolders } from '../../registry/model-folders.ts';
import { isServed, listModels } from '../../registry/model-registry.ts';
import type { DatasetShelf } from '../datasets/dataset-shelf.ts';
import type { WorkOf } from '../jobs/job-files.ts';
import { JobQueue, type JobQueueOptions } from '../jobs/job-queue.ts';
import type { KnownJob } from '../jobs/job-store.ts';
import {
  deleteEvaluation,
  readEvaluation,
  readScoreBytes,
  type StoredEvaluation,
  writeSubject,
} from './evaluation-files.ts';

const PROGRAM = new URL('./evaluator-process.ts', import.meta.url);

/** What the desk needs from the rest of the studio. */
export interface EvaluationsDeskOptions extends JobQueueOptions {
  readonly datasets: Pick<DatasetShelf, 'folderOf'>;
  /** The threads that an evaluation may compute with. */
  readonly threads: number;
}

/**
 * Evaluations of models on parts of datasets. Each is computed once, by a job, and stays when its model or its dataset is
 * deleted.
 */
export class EvaluationsDesk {
  readonly #home: Home;
  readonly #datasets: EvaluationsDeskOptions['datasets'];
  readonly #threads: number;
  readonly #queue: JobQueue<'evaluation'>;
  readonly #onChange: () => void;
  /** Stored evaluations that are done, by ID. They don't change. */
  readonly #done = new Map<string, StoredEvaluation>();

  constructor({ datasets, threads, ...queue }: EvaluationsDeskOptions) {
    this.#home = queue.home;
    this.#datasets = datasets;
    this.#threads = threads;
    this.#queue = new JobQueue({ ...queue, kind: 'evaluation', program: PROGRAM });
    this.#onChange = queue.onChange;
  }

  /** Lists every evaluation, sorted by model, dataset and part. */
  async list(): Promise<StudioEvaluation[]> {
    const names = await readdir(this.#home.evaluations).catch((): string[] => []); // without a folder there are none yet
    for (const id of this.#done.keys()) if (!names.includes(id)) this.#done.delete(id);
    const jobs = new Map((await this.#queue.list()).map((known) => [known.job.work.evaluation, known])); // the last of each
    const listed = await Promise.all(
      names.filter((name) => ID.test(name)).map((id) => this.#describe(id, jobs.get(id))),
    );
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
    const jobs = await this.#jobsOf(id);
    const before = await this.#stored(id);
    if (jobs.some(({ state }) => !hasEnded(state)) || before?.result) return id;
    const own = this.#home.evaluation(id);
    await writeSubject(own, subject);
    const command = [own, folder, String(this.#threads), ...modelFolders(this.#home)];
    const job = { work: { kind: 'evaluation' as const, evaluation: id }, command, data: { folder, id: dataset } };
    await this.#queue.add(job).catch(async (error: unknown) => {
      if (!before) await deleteEvaluation(own);
      throw error;
    });
    for (const { job } of jobs) await this.#queue.discard(job.id); // they have ended, without a result
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
    for (const { job } of await this.#jobsOf(id)) await this.#queue.discard(job.id);
    await deleteEvaluation(this.#home.evaluation(id));
    this.#done.delete(id);
    this.#onChange();
  }

  /** Starts no more evaluations. The one in progress continues. */
  close(): Promise<void> {
    return this.#queue.close();
  }

  async #jobsOf(id: string): Promise<KnownJob<WorkOf<'evaluation'>>[]> {
    return (await this.#queue.list()).filter(({ job }) => job.work.evaluation === id);
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

  async #describe(id: string, job: KnownJob | undefined): Promise<StudioEvaluation> {
    const stored = await this.#stored(id);
    const nothing = { id, subject: stored?.subject ?? null, scored: 0, photos: 0, message: null, auc: null };
    if (!stored) return { ...nothing, state: 'damaged', message: 'its files can’t be read' };
    const { result } = stored;
    if (!result) return { ...nothing, ...progressOf(job) };
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

/** Returns how far an evaluation without a result is, by its last job. */
function progressOf(job: KnownJob | undefined): Pick<StudioEvaluation, 'state' | 'scored' | 'photos' | 'message'> {
  const { done = 0, total = 0 } = job?.progress ?? {};
  const progress = { scored: done, photos: total, message: null };
  if (job?.state === 'waiting') return { ...progress, state: 'waiting' };
  if (job?.state === 'running') return { ...progress, state: 'running' };
  if (job?.state === 'failed') return { ...progress, state: 'failed', message: job.message ?? 'nobody knows why' };
  return { ...progress, state: 'killed', message: 'its process ended before it was done' };
}

const unknown = () => new SwipenetError('studio_unknown', 'this evaluation no longer exists, or isn’t done');
