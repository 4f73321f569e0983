import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readScores } from '@swipenet/shared/contract/studio/evaluations.ts';
import { ARTICLE_RULE } from '@swipenet/shared/decision.ts';
import { describe, expect, it } from 'vitest';
import { sharedDataset } from '../../../../test/support/built-dataset.ts';
import { eventually, jobOptions } from '../../../../test/support/studio-jobs.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { EMBEDDED_MODEL } from '../../config/embedded-model.ts';
import { Home } from '../../home/home.ts';
import { readDatasetHead } from '../../training/dataset/dataset.ts';
import type { StartRunner } from '../jobs/job-queue.ts';
import { writeEvaluated } from './evaluation-files.ts';
import { EvaluationsDesk } from './evaluations-desk.ts';
import { judge } from './judged.ts';

const REQUEST = { model: 'quality', dataset: 'c0ffee', part: 'validation' } as const;

const PHOTOS = [
  { number: 3, profile: 1, label: 'LIKE' as const, like: 0.75 },
  { number: 5, profile: 2, label: 'NOPE' as const, like: 0.25 },
];

/** Opens desks of one home folder, as servers would. */
function setUp({ startRunner, folder = '/data/flowers' }: Partial<Given> = {}) {
  const home = new Home(temporaryFolder());
  const processes = jobOptions(home, 'fake-evaluator.ts');
  const openDesk = () =>
    new EvaluationsDesk({
      ...{ ...processes.options, ...(startRunner && { startRunner }), threads: 1 },
      datasets: { folderOf: async () => folder },
    });
  const states = async (desk: EvaluationsDesk) => (await desk.list()).map(({ state }) => state);
  return { ...processes, home, openDesk, states, desk: openDesk() };
}

interface Given {
  readonly startRunner: StartRunner;
  readonly folder: string;
}

const flowers = sharedDataset({ LIKE: 16, NOPE: 16 });

/** A home whose dataset exists, so that jobs start. */
async function setUpWithDataset() {
  const folder = flowers();
  const { id } = await readDatasetHead(folder);
  const given = setUp({ folder });
  const only = async () => (await given.jobs.list()).map(({ job }) => job.id)[0]!;
  return { ...given, only, request: (part: 'training' | 'validation' | 'test') => ({ ...REQUEST, dataset: id, part }) };
}

/** A home with one evaluation that is done. */
async function setUpDone(model: string = REQUEST.model) {
  const given = setUp({ startRunner: async () => ({ ended: new Promise(() => {}) }) });
  const finish = async () => {
    const id = await given.desk.start({ ...REQUEST, model });
    const { figures, scores } = judge(PHOTOS, ARTICLE_RULE);
    await writeEvaluated(given.home.evaluation(id), { result: { note: null, trainedOn: null, ...figures }, scores });
    return id;
  };
  return { ...given, finish };
}

describe('evaluations by jobs', { tags: ['slow'], timeout: 150_000 }, () => {
  it('outlive the server, and say that their process was killed and start again', async () => {
    const { desk, openDesk, states, request, only, killRunner, starts } = await setUpWithDataset();
    const id = await desk.start(request('training'));
    const running = { id, state: 'running', scored: 1, photos: 2 };
    await eventually(async () => expect((await desk.list())[0]).toMatchObject(running));
    await desk.close();
    const after = openDesk();
    expect((await after.list())[0]).toMatchObject(running);
    expect(await after.start(request('training'))).toBe(id);
    expect(starts).toHaveLength(1);
    await killRunner(await only());
    await eventually(async () => expect(await states(after)).toEqual(['killed']));
    expect((await after.list())[0]).toMatchObject({ message: 'its process ended before it was done' });
    expect(await after.start(request('training'))).toBe(id);
    await eventually(async () => expect((await after.list())[0]).toMatchObject(running));
    expect([starts.length, await only()]).toEqual([2, starts[1]!.split(/[/\\]/).at(-1)]);
    await after.close();
  });

  it('run one at a time, and report what went wrong', async () => {
    const { desk, states, request } = await setUpWithDataset();
    const failing = await desk.start(request('test'));
    await desk.start(request('validation'));
    await eventually(async () => expect((await states(desk)).toSorted()).toEqual(['done', 'failed']));
    const failed = (await desk.list()).find(({ id }) => id === failing);
    expect(failed).toMatchObject({ message: 'photo 3 is cut off', subject: { part: 'test' } });
    await desk.close();
  });

  it('are canceled with their process and their files', async () => {
    const { desk, states, jobs, request, only, home } = await setUpWithDataset();
    const id = await desk.start(request('training'));
    await eventually(async () => expect((await desk.list())[0]).toMatchObject({ scored: 1 }));
    const job = await only();
    const { started } = await jobs.find(job);
    await desk.remove(id);
    expect([await states(desk), await jobs.list()]).toEqual([[], []]);
    await expect(desk.get(id)).rejects.toMatchObject({ code: 'studio_unknown' });
    await expect(desk.remove('../..')).rejects.toMatchObject({ code: 'studio_unknown' });
    await eventually(async () => {
      expect(() => process.kill(started!.pid, 0)).toThrow('ESRCH');
      expect(() => readFileSync(join(home.job(job), 'lock'))).toThrow('ENOENT');
    });
    await desk.close();
  });
});

describe('the evaluations', () => {
  it('are computed once, and then read', async () => {
    const { desk, openDesk, states, finish, home } = await setUpDone();
    const id = await finish();
    expect(await desk.start(REQUEST)).toBe(id);
    const again = openDesk();
    expect(await states(again)).toEqual(['done']);
    const { subject, result, exists } = await again.get(id);
    expect([subject.model.id, subject.dataset.name, result.photos.auc]).toEqual(['quality', 'flowers', 1]);
    expect(exists).toEqual({ model: true, dataset: true });
    const bytes = Uint8Array.from(await again.scores(id)).buffer;
    expect([...readScores(bytes, result).photos.numbers]).toEqual([3, 5]);
    expect(await desk.start({ ...REQUEST, part: 'test' })).not.toBe(id);
    await again.remove(id);
    expect(() => readFileSync(join(home.evaluation(id), 'result.json'))).toThrow('ENOENT');
  });

  it('have the threshold that their model has now', async () => {
    const { desk, finish, home } = await setUpDone('mine');
    const path = join(home.models, 'mine', 'manifest.json');
    const manifest = JSON.parse(readFileSync(join(EMBEDDED_MODEL.folder, 'quality', 'manifest.json'), 'utf8'));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify({ ...manifest, id: 'mine' }));
    const id = await finish();
    writeFileSync(path, JSON.stringify({ ...manifest, id: 'mine', threshold: 0.7 }));
    expect((await desk.get(id)).subject.rule).toEqual({ rule: 'any', threshold: 0.7 });
    rmSync(path);
    expect((await desk.get(id)).exists.model).toBe(false);
  });

  it('are listed when their files are damaged, and can be deleted', async () => {
    const { desk, openDesk, states, finish, home } = await setUpDone();
    const id = await finish();
    rmSync(join(home.evaluation(id), 'scores.bin'));
    await expect(desk.scores(id)).rejects.toMatchObject({
      message: 'the scores of this evaluation are damaged; delete it',
    });
    writeFileSync(join(home.evaluation(id), 'result.json'), '{');
    const again = openDesk();
    expect(await states(again)).toEqual(['damaged']);
    await again.remove(id);
    expect(await states(again)).toEqual([]);
  });

  it('can’t start where nothing can be written', async () => {
    const { desk, states, home } = setUp();
    writeFileSync(home.evaluations, 'not a folder');
    await expect(desk.start(REQUEST)).rejects.toMatchObject({ code: 'home_unusable' });
    expect(await states(desk)).toEqual([]);
  });

  it('refuse a model that doesn’t exist', async () => {
    const { desk } = setUp();
    await expect(desk.start({ ...REQUEST, model: 'none' })).rejects.toMatchObject({ code: 'model_missing' });
  });
});
