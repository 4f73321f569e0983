import { expect, it } from 'vitest';
import { CancelableWork } from './cancelable-work.ts';

const until = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

it('cancels all work with an id and nothing else', async () => {
  const work = new CancelableWork();
  const [first, second] = [work.run('a', until), work.run('a', until)];
  let other: AbortSignal | undefined;
  void work.run('b', async (signal) => {
    other = signal;
    await until(signal);
  });
  work.cancel('a');
  await expect(first).rejects.toMatchObject({ problem: { reason: 'worker_gone' } });
  await expect(second).rejects.toMatchObject({ problem: { reason: 'worker_gone' } });
  expect(other?.aborted).toBe(false);
});

it('returns the result of the work, which can’t be canceled after that', async () => {
  const work = new CancelableWork();
  let given: AbortSignal | undefined;
  const done = work.run('a', async (signal) => {
    given = signal;
    return 1;
  });
  expect(await done).toBe(1);
  work.cancel('a');
  expect(given?.aborted).toBe(false);
});
