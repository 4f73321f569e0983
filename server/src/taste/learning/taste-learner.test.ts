import { describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import { newStore } from '../../../../test/support/taste-store.ts';
import type { LearningAnswer, LearningQuestion } from './learner-process.ts';
import { type LearnerChild, type LearningOutcome, TasteLearner } from './taste-learner.ts';

const question: LearningQuestion = { home: '/no/such/home', taste: 'owner', target: { kind: 'balanced-accuracy' } };
const learned: LearningOutcome = { kind: 'learned', version: 'taste-0001', likes: 20, passes: 20, activated: true };
/** What the process says besides. */
const heldOut = { version: 'taste-0001', losses: [] };
const saysLearned: LearningAnswer = { ...learned, heldOut };

/** A learner whose processes answer when the test says so. */
function setUp({ every = 10 } = {}) {
  const processes: (PromiseWithResolvers<LearningAnswer> & { asked: unknown[]; kill: () => void; paused: boolean })[] =
    [];
  const clock = new ManualClock();
  const outcomes: LearningOutcome[] = [];
  const start = (): LearnerChild => {
    const exited = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<LearningAnswer>();
    const asked: unknown[] = [];
    const kill = () => {
      exited.resolve();
      answer.reject(new Error('the learner process ended (SIGKILL)'));
    };
    const process = { ...answer, asked, kill, paused: false };
    processes.push(process);
    return {
      exited: exited.promise,
      kill,
      pause: () => {
        process.paused = true;
      },
      resume: () => {
        process.paused = false;
      },
      ask: ((type: string, ...rest: unknown[]) => {
        asked.push([type, ...rest]);
        return type === 'describe' ? Promise.resolve([]) : answer.promise;
      }) as LearnerChild['ask'],
    };
  };
  const { database } = newStore().store;
  const learner = new TasteLearner({
    ...{ every, question: () => question, database: () => database, start, clock },
    onOutcome: (outcome) => outcomes.push(outcome),
  });
  return { learner, processes, outcomes, clock };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the learner', () => {
  it('learns after every ten swipes, and not in between', async () => {
    const { learner, processes, outcomes } = setUp();
    for (let total = 0; total < 10; total += 1) learner.swiped(total);
    expect(processes).toHaveLength(0);
    learner.swiped(10);
    expect(processes).toHaveLength(1);
    await settled();
    expect(processes[0]!.asked).toEqual(['describe', 'learn'].map((type) => [type, question, expect.anything()]));
    processes[0]!.resolve(saysLearned);
    await vi.waitFor(() => expect(outcomes).toEqual([learned]));
    expect(learner.isLearning).toBe(false);
    for (let total = 11; total <= 20; total += 1) learner.swiped(total);
    expect(processes).toHaveLength(2);
  });

  it('runs once at a time, and once more for everything that came meanwhile', async () => {
    const { learner, processes, outcomes } = setUp();
    for (let total = 10; total <= 40; total += 10) learner.swiped(total);
    expect(processes).toHaveLength(1);
    processes[0]!.resolve(saysLearned);
    await vi.waitFor(() => expect(processes).toHaveLength(2));
    processes[1]!.resolve(saysLearned);
    await vi.waitFor(() => expect(outcomes).toHaveLength(2));
    expect(processes).toHaveLength(2);
    expect(learner.isLearning).toBe(false);
  });

  it('gives everyone who asks meanwhile the outcome of the same run', async () => {
    const { learner, processes } = setUp();
    const both = Promise.all([learner.learn(), learner.learn()]);
    processes[0]!.resolve(saysLearned);
    expect(await both).toEqual([learned, learned]);
    expect(processes).toHaveLength(1);
  });

  it('reports a process that broke, and learns again at the next ten', async () => {
    const { learner, processes, outcomes } = setUp();
    learner.swiped(10);
    processes[0]!.kill();
    const failed = { kind: 'failed', message: 'the learner process ended (SIGKILL)' };
    await vi.waitFor(() => expect(outcomes).toEqual([failed]));
    learner.swiped(20);
    expect(processes).toHaveLength(2);
  });

  it('reports a process that could not be started', async () => {
    const start = () => {
      throw new Error('spawn EAGAIN');
    };
    const learner = new TasteLearner({
      ...{ every: 10, question: () => question, start, clock: new ManualClock() },
      database: () => newStore().store.database,
      onOutcome: () => {},
    });
    expect(await learner.learn()).toEqual({ kind: 'failed', message: 'spawn EAGAIN' });
    expect(learner.isLearning).toBe(false);
  });

  it('is paused until no photo has been scored for a moment, also if it starts then', async () => {
    const { learner, processes, clock } = setUp();
    learner.swiped(10);
    expect(processes[0]!.paused).toBe(false);
    learner.setBusy(true);
    expect(processes[0]!.paused).toBe(true);
    learner.setBusy(false);
    clock.advance(150);
    learner.setBusy(true);
    clock.advance(10);
    learner.setBusy(false);
    clock.advance(190);
    await settled();
    expect(processes[0]!.paused, 'the quiet before the last photo doesn’t count').toBe(true);
    clock.advance(10);
    await settled();
    expect(processes[0]!.paused).toBe(false);
    learner.setBusy(true);
    processes[0]!.resolve(saysLearned);
    await vi.waitFor(() => expect(learner.isLearning).toBe(false));
    learner.swiped(20);
    expect(processes[1]!.paused).toBe(true);
  });

  it('gets a sixtieth of the time while photos are scored without a break', async () => {
    const { learner, processes, clock } = setUp();
    learner.swiped(10);
    learner.setBusy(true);
    let ran = 0;
    for (let ms = 0; ms < 30_000; ms += 50) {
      if (!processes[0]!.paused) ran += 50;
      clock.advance(50);
      await settled();
    }
    expect(ran).toBe(500);
    learner.setBusy(false);
    clock.advance(3_000);
    await settled();
    expect(processes[0]!.paused).toBe(false);
  });

  it('can be canceled, and learns again when it is asked to', async () => {
    const { learner, processes, outcomes } = setUp();
    learner.swiped(10);
    learner.swiped(20);
    await learner.cancel();
    expect(outcomes).toEqual([{ kind: 'failed', message: 'the learner process ended (SIGKILL)' }]);
    expect(processes).toHaveLength(1);
    learner.swiped(30);
    expect(processes).toHaveLength(2);
  });

  it('ends its process when closed, reports nothing, and learns no more', async () => {
    const { learner, processes, outcomes } = setUp();
    learner.swiped(10);
    learner.swiped(20);
    await learner.close();
    learner.swiped(30);
    expect(await learner.learn()).toMatchObject({ kind: 'failed' });
    expect(processes).toHaveLength(1);
    expect(outcomes).toEqual([]);
  });
});
