import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { startDetached } from '../../child/detached.ts';
import { systemClock, systemDate } from '../../clock.ts';
import { Home } from '../../home/home.ts';
import { JobQueue, type StartRunner } from './job-queue.ts';
import { type JobSigns, stateOf } from './job-store.ts';

const runner = new URL('./job-runner.ts', import.meta.url);
const fakeCommand = new URL('../../../../test/fixtures/fake-command.ts', import.meta.url).href;

/** Processes take a while on a busy machine. */
const eventually = (assertion: () => Promise<void>) => vi.waitFor(assertion, { timeout: 15_000, interval: 20 });

/** Opens queues of one home folder, as servers would. Their jobs run real processes. */
function setUp() {
  const home = new Home(temporaryFolder());
  const starts: string[] = [];
  const startRunner: StartRunner = (parameters) => {
    starts.push(parameters[0]!);
    return startDetached(runner, [...parameters, fakeCommand]);
  };
  const openQueue = () =>
    new JobQueue({
      ...{ home, startRunner, clock: systemClock, date: systemDate, onChange: () => {} },
      onTrouble: (error) => {
        throw error;
      },
    });
  const states = async (queue: JobQueue) => (await queue.store.list()).map(({ job, state }) => `${job.run} ${state}`);
  const expectStates = (queue: JobQueue, expected: readonly string[]) =>
    eventually(async () => expect(await states(queue)).toEqual(expected));
  const add = (queue: JobQueue, run: string, command: string) => queue.add({ run, command: [command] });
  /** Kills a job's runner, or the command itself, as the system does when memory runs out. */
  const kill = async (queue: JobQueue, id: string, what: 'runner' | 'command') => {
    const pid = await vi.waitFor(async () => {
      const log = await queue.store.log(id);
      const found = /in process (\d+)/.exec(log.at(-1) ?? '')?.[1];
      if (!found) throw new Error('not training yet');
      return what === 'command' ? Number(found) : (await queue.store.find(id)).started!.pid;
    }, 15_000);
    process.kill(pid, 'SIGKILL');
  };
  onTestFinished(async () => {
    const queue = openQueue();
    await queue.close();
    for (const { job } of await queue.store.list()) await queue.stop(job.id, 'abort');
    await eventually(async () => expect((await states(queue)).filter((state) => /ing$/.test(state))).toEqual([]));
  });
  return { home, openQueue, add, expectStates, kill, starts };
}

describe('the queue of jobs', { tags: ['slow'] }, () => {
  it('runs one job at a time, in order, at the lowest priority', async () => {
    const { openQueue, add, expectStates } = setUp();
    const queue = openQueue();
    const first = await add(queue, 'first', 'trains');
    await add(queue, 'second', 'fails');
    const third = await add(queue, 'third', 'ends');
    await expectStates(queue, ['first running', 'second waiting', 'third waiting']);
    await eventually(async () => expect((await queue.store.log(first.id))[0]).toBe('trains at priority 19'));
    await queue.stop(first.id, 'pause');
    await expectStates(queue, ['first paused', 'second failed', 'third finished']);
    const [, failed] = await queue.store.list();
    expect(failed?.message).toBe('swipenet: too few photos (dataset_too_small)');
    await queue.store.remove(third.id);
    await expectStates(queue, ['first paused', 'second failed']);
    await queue.close();
  });

  it('keeps its job running when the server stops, and the next server shows it and starts the rest', async () => {
    const { openQueue, add, expectStates, kill } = setUp();
    const before = openQueue();
    const first = await add(before, 'first', 'trains');
    await add(before, 'second', 'trains');
    await expectStates(before, ['first running', 'second waiting']);
    await before.close();
    const after = openQueue();
    await expectStates(after, ['first running', 'second waiting']);
    await expect(after.store.remove(first.id)).rejects.toMatchObject({ code: 'run_busy' });
    await kill(after, first.id, 'command');
    await expectStates(after, ['first killed', 'second running']);
    await after.close();
  });

  it('shows a job as killed whose runner is gone, and the command is gone with it', async () => {
    const { openQueue, add, expectStates, kill } = setUp();
    const queue = openQueue();
    const job = await add(queue, 'first', 'trains');
    await kill(queue, job.id, 'runner');
    await expectStates(queue, ['first killed']);
    const pid = Number(/in process (\d+)/.exec((await queue.store.log(job.id)).at(-1)!)![1]);
    await eventually(async () => expect(() => process.kill(pid, 0)).toThrow('ESRCH'));
    await queue.close();
  });

  it('starts a job once, however many servers share the home folder', async () => {
    const { home, openQueue, add, expectStates, starts } = setUp();
    const [one, other] = [openQueue(), openQueue()];
    await Promise.all([one.close(), other.close()]);
    await add(one, 'first', 'ends'); // waits, because no server looks
    await Promise.all([openQueue(), openQueue(), openQueue()].map((queue) => queue.look()));
    await expectStates(one, ['first finished']);
    expect(starts.length).toBeGreaterThan(1);
    expect((await one.store.log((await one.store.list())[0]!.job.id)).length).toBe(1);
    expect(home.jobTurn).toContain(home.jobs);
  });

  it('refuses a job whose dataset has changed since, and aborts one that is asked to', async () => {
    const { home, openQueue, add, expectStates } = setUp();
    const queue = openQueue();
    await queue.add({ run: 'gone', command: ['ends'], data: { folder: join(home.folder, 'none'), id: 'a' } });
    const job = await add(queue, 'first', 'trains');
    await expectStates(queue, ['gone failed', 'first running']);
    await queue.stop(job.id, 'abort');
    await expectStates(queue, ['gone failed', 'first aborted']);
    writeFileSync(join(home.job(job.id), 'job.json'), '{');
    expect((await queue.store.list())[0]?.message).toContain('was changed or deleted');
    await queue.close();
  });
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
