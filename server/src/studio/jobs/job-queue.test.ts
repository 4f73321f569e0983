import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedDataset } from '../../../../test/support/built-dataset.ts';
import { eventually, jobOptions } from '../../../../test/support/studio-jobs.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { Home } from '../../home/home.ts';
import { readDatasetHead } from '../../training/dataset/dataset.ts';
import { JobQueue } from './job-queue.ts';
import { type JobSigns, stateOf } from './job-store.ts';

const flowers = sharedDataset({ LIKE: 16, NOPE: 16 });

/** Opens queues of one home folder, as servers would. Their jobs run real processes. */
async function setUp() {
  const home = new Home(temporaryFolder());
  const folder = flowers();
  const data = { folder, id: (await readDatasetHead(folder)).id };
  const { options, jobs, starts, killRunner, processOf } = jobOptions(home, 'fake-command.ts');
  const openQueue = () => new JobQueue({ ...options, kind: 'training', program: new URL('file:///none') });
  type Queue = ReturnType<typeof openQueue>;
  const states = async () => (await jobs.listOf('training')).map(({ job, state }) => `${job.work.run} ${state}`);
  const expectStates = (expected: readonly string[]) =>
    eventually(async () => expect(await states()).toEqual(expected));
  const add = (queue: Queue, run: string, command: string, given = data) =>
    queue.add({ work: { kind: 'training', run }, command: [command], data: given });
  return { home, jobs, openQueue, add, expectStates, starts, killRunner, processOf, data };
}

describe('the queue of jobs', { tags: ['slow'], timeout: 150_000 }, () => {
  it('runs one job at a time, in order, at the lowest priority', async () => {
    const { openQueue, jobs, add, expectStates } = await setUp();
    const queue = openQueue();
    const first = await add(queue, 'first', 'trains');
    await add(queue, 'second', 'fails');
    const third = await add(queue, 'third', 'ends');
    await expectStates(['first running', 'second waiting', 'third waiting']);
    await eventually(async () => expect((await queue.log(first.id))[0]).toBe('trains at priority 19'));
    await queue.stop(first.id, 'pause');
    await expectStates(['first paused', 'second failed', 'third finished']);
    const [, failed] = await jobs.list();
    expect(failed?.message).toBe('swipenet: too few photos (dataset_too_small)');
    await queue.remove(third.id);
    await expectStates(['first paused', 'second failed']);
    await queue.close();
  });

  it('keeps its job running when the server stops, and the next server shows it and starts the rest', async () => {
    const { openQueue, add, expectStates, processOf } = await setUp();
    const before = openQueue();
    const first = await add(before, 'first', 'trains');
    await add(before, 'second', 'trains');
    await expectStates(['first running', 'second waiting']);
    await before.close();
    const after = openQueue();
    await expectStates(['first running', 'second waiting']);
    await expect(after.remove(first.id)).rejects.toMatchObject({ code: 'run_busy' });
    process.kill(await processOf(first.id), 'SIGKILL');
    await expectStates(['first killed', 'second running']);
    await after.close();
  });

  it('shows a job as killed whose runner is gone, and the command is gone with it', async () => {
    const { openQueue, add, expectStates, killRunner, processOf } = await setUp();
    const queue = openQueue();
    const job = await add(queue, 'first', 'trains');
    const pid = await processOf(job.id);
    await killRunner(job.id);
    await expectStates(['first killed']);
    await eventually(async () => expect(() => process.kill(pid, 0)).toThrow('ESRCH'));
    await queue.close();
  });

  it('starts a job once, however many servers share the home folder', async () => {
    const { home, jobs, openQueue, add, expectStates, starts } = await setUp();
    const [one, other] = [openQueue(), openQueue()];
    await Promise.all([one.close(), other.close()]);
    await add(one, 'first', 'ends'); // waits, because no server looks
    await Promise.all([openQueue(), openQueue(), openQueue()].map((queue) => queue.look()));
    await expectStates(['first finished']);
    expect(starts.length).toBeGreaterThan(1);
    expect((await jobs.log((await jobs.list())[0]!.job.id)).length).toBe(1);
    expect(home.jobTurn('training')).toContain(home.jobs);
  });

  it('refuses a job whose dataset has changed since, and aborts one that is asked to', async () => {
    const { home, jobs, openQueue, add, expectStates } = await setUp();
    const queue = openQueue();
    await add(queue, 'gone', 'ends', { folder: join(home.folder, 'none'), id: 'a' });
    const job = await add(queue, 'first', 'trains');
    await expectStates(['gone failed', 'first running']);
    await queue.stop(job.id, 'abort');
    await expectStates(['gone failed', 'first aborted']);
    writeFileSync(join(home.job(job.id), 'job.json'), '{');
    expect((await jobs.list())[0]?.message).toContain('was changed or deleted');
    await queue.close();
  });
});

it('keeps the order of jobs that are added in the same millisecond', async () => {
  const home = new Home(temporaryFolder());
  const { options } = jobOptions(home, 'fake-command.ts');
  const date = () => new Date('2026-11-28T00:00:00Z');
  const queue = new JobQueue({ ...options, date, kind: 'training', program: new URL('file:///none') });
  await queue.close(); // starts none of them
  const runs = ['a', 'b', 'c', 'd', 'e'];
  for (const run of runs) {
    await queue.add({ work: { kind: 'training', run }, command: [], data: { folder: '/none', id: 'a' } });
  }
  expect((await queue.list()).map(({ job }) => job.work.run)).toEqual(runs);
});

describe('what a job’s files show', () => {
  const signs: JobSigns = {
    ...{ started: undefined, held: false, outcome: undefined, asked: undefined, hasModel: false },
  };
  const started = { pid: 1, at: '2026-11-28T00:00:00.000Z' };
  const ended = (code: number | null, signal: string | null = null) => ({ code, signal });
  it.each<[string, Partial<JobSigns>]>([
    ['waiting', {}],
    ['running', { held: true }],
    ['running', { started, held: true }],
    ['stopping', { started, held: true, asked: 'pause' }],
    ['finished', { started, outcome: ended(0), hasModel: true }],
    ['finished', { started, outcome: ended(0), hasModel: true, asked: 'pause' }], // too late
    ['paused', { started, outcome: ended(0), asked: 'pause' }],
    ['paused', { started, outcome: ended(null, 'SIGINT'), asked: 'pause' }],
    ['failed', { started, outcome: ended(2), asked: 'pause' }],
    ['aborted', { started, outcome: ended(null, 'SIGKILL'), asked: 'abort' }],
    ['aborted', { started, asked: 'abort' }],
    ['failed', { started, outcome: ended(2) }],
    ['killed', { started, outcome: ended(null, 'SIGKILL') }],
    ['killed', { started }],
    ['failed', { outcome: { ...ended(null), refused: 'the dataset was deleted' } }],
  ])('%s: %j', (state, seen) => {
    expect(stateOf({ ...signs, ...seen })).toBe(state);
  });
});
