import { expect, it } from 'vitest';
import { OWNER } from '../fairness/fair-shares.ts';
import { PrioritySemaphore } from './priority-semaphore.ts';

const never = new AbortController().signal;
const settled = () => new Promise((resolve) => setImmediate(resolve));

function setUp(permits: number) {
  const semaphore = new PrioritySemaphore(permits);
  const started: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<void>>();
  const run = (name: string, priority: 'now' | 'ahead' = 'now', signal: AbortSignal = never, caller = OWNER) => {
    const running = semaphore.withPermit(
      () => {
        started.push(name);
        ends.set(name, Promise.withResolvers());
        return ends.get(name)!.promise;
      },
      { priority, signal, caller },
    );
    running.catch(() => {});
    return running;
  };
  const end = async (name: string) => {
    ends.get(name)!.resolve();
    await settled();
  };
  return { semaphore, started, run, end, ends };
}

it('`ahead` tasks delay `now` tasks by at most the tasks in progress', async () => {
  const { started, run, end } = setUp(1);
  for (const name of ['a1', 'a2', 'a3']) void run(name, 'ahead');
  void run('n1');
  void run('n2');
  await end('a1');
  await end('n1');
  await end('n2');
  expect(started).toEqual(['a1', 'n1', 'n2', 'a2']);
});

it('an aborted task never starts and takes no permit', async () => {
  const { semaphore, started, run, end } = setUp(1);
  void run('first');
  const gone = new AbortController();
  const left = run('left', 'now', gone.signal);
  void run('next');
  gone.abort(new Error('gone'));
  await expect(left).rejects.toThrow('gone');
  await expect(run('late', 'now', gone.signal)).rejects.toThrow('gone');
  await end('first');
  expect(started).toEqual(['first', 'next']);
  expect(semaphore.waiting).toBe(0);
});

it('a failed task releases its permit', async () => {
  const { started, run, ends } = setUp(1);
  const failing = run('failing');
  void run('next');
  ends.get('failing')!.reject(new Error('broken'));
  await expect(failing).rejects.toThrow('broken');
  await settled();
  expect(started).toEqual(['failing', 'next']);
});

it('devices leave one of several permits for the owner', async () => {
  const { started, run, end } = setUp(3);
  for (const name of ['a1', 'a2', 'a3']) void run(name, 'now', never, 'a');
  expect(started).toEqual(['a1', 'a2']);
  void run('own');
  expect(started).toEqual(['a1', 'a2', 'own']);
  await end('own');
  expect(started).not.toContain('a3');
  await end('a1');
  expect(started).toContain('a3');
});

it('a device that floods it delays others by its own turns only', async () => {
  const { started, run, end } = setUp(1);
  for (const name of ['a1', 'a2', 'a3']) void run(name, 'now', never, 'a');
  void run('b1', 'ahead', never, 'b');
  void run('own', 'ahead');
  for (const name of ['a1', 'own', 'a2', 'b1']) await end(name);
  expect(started).toEqual(['a1', 'own', 'a2', 'b1', 'a3']);
});
