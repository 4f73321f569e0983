import { cpSync, existsSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobState } from '@swipenet/shared/contract/studio/jobs.ts';
import { describe, expect, it } from 'vitest';
import { sharedDataset } from '../../../../test/support/built-dataset.ts';
import { writeRun } from '../../../../test/support/made-run.ts';
import { eventually, jobOptions } from '../../../../test/support/studio-jobs.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { folderSize } from '../../files/folder-size.ts';
import { ProcessLock } from '../../files/process-lock.ts';
import { Home } from '../../home/home.ts';
import { DatasetShelf } from '../datasets/dataset-shelf.ts';
import type { Work } from '../jobs/job-files.ts';
import { ReviewDesk } from '../reviews/review-desk.ts';
import { TrainingDesk } from '../training/training-desk.ts';
import { RemovalDesk } from './removal-desk.ts';

const flowers = sharedDataset({ LIKE: 16, NOPE: 16 });

/** A home with the dataset `flowers` and the run `roses`, which was trained from it. */
async function setUp() {
  const home = new Home(temporaryFolder());
  mkdirSync(home.datasets, { recursive: true });
  cpSync(flowers(), home.dataset('flowers'), { recursive: true });
  const datasets = new DatasetShelf(home);
  const { id, folder } = (await datasets.list())[0]!;
  writeRun(home.runs, { name: 'roses', dataset: { folder, id }, epochs: 1, stepsPerEpoch: 2, state: 'finished' });
  const { options } = jobOptions(home, 'fake-label-check.ts');
  const startRunner = async () => ({ ended: new Promise<void>(() => {}) }); // jobs wait
  const queue = { ...options, startRunner };
  const reviews = new ReviewDesk({ ...queue, datasets, threads: 1 });
  const training = new TrainingDesk({ ...queue, datasets, device: 'cpu' });
  const desk = new RemovalDesk({ datasets, reviews, training, jobs: options.jobs });
  const close = () => Promise.all([datasets.close(), reviews.close(), training.close()]);
  const addJob = async (work: Work) => {
    const job = { format: 2 as const, id: work.kind, addedAt: new Date(0).toISOString(), command: [], work };
    await options.jobs.add({ ...job, data: { folder, id } });
    return () => options.jobs.remove(work.kind);
  };
  return { home, datasets, id, desk, reviews, training, jobs: options.jobs, addJob, close };
}

describe('deleting a dataset', () => {
  it('says what that deletes, and deletes it with what is kept beside it', async () => {
    const { home, datasets, id, desk, reviews, jobs, close } = await setUp();
    const size = await folderSize(home.dataset('flowers'));
    expect(size.bytes).toBeGreaterThan(32 * 65_536);
    expect(await desk.dataset(id)).toEqual({ ...size, folder: home.dataset('flowers'), refusal: null, runs: [] });
    await datasets.open(id);
    mkdirSync(home.review(id), { recursive: true });
    writeFileSync(join(home.review(id), 'confidences.f32'), '');
    expect(await desk.removeDataset(id)).toEqual({ name: 'flowers' });
    expect([await datasets.list(), await reviews.list(), await jobs.list()]).toEqual([[], [], []]);
    expect(existsSync(home.dataset('flowers'))).toBe(false);
    await expect(desk.removeDataset(id)).rejects.toMatchObject({ code: 'studio_unknown' });
    await close();
  });

  it('says which runs can’t be resumed without it, unless there is a copy', async () => {
    const { home, datasets, id, desk, close } = await setUp();
    const { folder } = (await datasets.list())[0]!;
    for (const [name, state] of [
      ['paused', 'stopped'],
      ['broken', 'failed'],
    ] as const) {
      writeRun(home.runs, { name, dataset: { folder, id }, epochs: 1, stepsPerEpoch: 2, state });
    }
    writeRun(home.runs, {
      name: 'other',
      dataset: { folder, id: 'cafe' },
      epochs: 1,
      stepsPerEpoch: 2,
      state: 'stopped',
    });
    expect((await desk.dataset(id)).runs.toSorted()).toEqual(['broken', 'paused']);
    cpSync(folder, home.dataset('copy'), { recursive: true });
    expect((await desk.dataset(id)).runs).toEqual([]);
    await close();
  });

  it('is refused while a job, a run or changes need it', async () => {
    const { home, id, desk, reviews, addJob, close } = await setUp();
    const expectRefused = async (why: string) => {
      expect((await desk.dataset(id)).refusal).toContain(why);
      await expect(desk.removeDataset(id)).rejects.toMatchObject({ code: 'dataset_busy' });
      expect(existsSync(home.dataset('flowers'))).toBe(true);
    };
    for (const [work, why] of [
      [{ kind: 'training', run: 'tulips' }, 'the run tulips needs it'],
      [{ kind: 'evaluation', evaluation: 'e' }, 'a model is being judged on it'],
      [{ kind: 'label-check' }, 'its labels are being checked'],
    ] as const) {
      const end = await addJob(work);
      await expectRefused(why);
      await end();
    }
    {
      using _held = ProcessLock.take(join(home.run('roses'), 'lock')); // as a command does
      writeFileSync(
        join(home.run('roses'), 'state.json'),
        '{"format":1,"state":"running","since":"2026-11-28T00:00:00.000Z"}',
      );
      await expectRefused('the run roses is being trained from it');
    }
    const [first] = await reviews.numbers(id, { label: 'LIKE' });
    await reviews.relabel(id, [first!], 'NOPE');
    await expectRefused('it has changes that aren’t saved');
    await reviews.discard(id);
    await reviews.drop(id, { drop: [first!], keep: [], keepPairs: [], reopenPairs: [] });
    await expectRefused('it has changes that aren’t saved');
    await reviews.discard(id);
    expect(await desk.removeDataset(id)).toEqual({ name: 'flowers' });
    await close();
  });

  it('follows no link', async () => {
    const { home, desk, datasets, id, close } = await setUp();
    const elsewhere = join(temporaryFolder(), 'mine');
    renameSync(home.dataset('flowers'), elsewhere);
    symlinkSync(elsewhere, home.dataset('flowers'));
    mkdirSync(home.dataset('linked'));
    symlinkSync(elsewhere, join(home.dataset('linked'), 'photos'));
    expect(await desk.dataset(id)).toMatchObject({ isLink: true, bytes: 0, files: 0 });
    const linked = (await datasets.list()).find(({ name }) => name === 'linked')!;
    expect(await desk.dataset(linked.id)).toMatchObject({ isLink: false, files: 1 });
    await desk.removeDataset(linked.id);
    await desk.removeDataset(id);
    expect([existsSync(home.dataset('flowers')), existsSync(join(elsewhere, 'dataset.json'))]).toEqual([false, true]);
    await close();
  });
});

describe('deleting a run', () => {
  it('removes its folder and its jobs', async () => {
    const { home, desk, training, jobs, addJob, close } = await setUp();
    await addJob({ kind: 'training', run: 'roses' });
    expect(await desk.run('roses')).toMatchObject({
      folder: home.run('roses'),
      refusal: expect.stringContaining('waits'),
    });
    await expect(desk.removeRun('roses')).rejects.toMatchObject({ code: 'run_busy' });
    await jobs.write('training', 'outcome', { at: new Date(0).toISOString(), code: null, signal: null, refused: 'no' });
    await eventually(async () => expect((await jobs.list())[0]?.state).toBe('failed' satisfies JobState));
    expect(await desk.removeRun('roses')).toEqual({ name: 'roses' });
    expect([await training.runs.list(), await jobs.list(), existsSync(home.run('roses'))]).toEqual([[], [], false]);
    await expect(desk.removeRun('..')).rejects.toMatchObject({ code: 'studio_unknown' });
    await close();
  });

  it('is refused while a command trains it', async () => {
    const { home, desk, close } = await setUp();
    using _held = ProcessLock.take(join(home.run('roses'), 'lock'));
    await expect(desk.removeRun('roses')).rejects.toMatchObject({ code: 'run_busy' });
    expect(existsSync(join(home.run('roses'), 'run.json'))).toBe(true);
    await close();
  });
});
