import { expect, it } from 'vitest';
import { oneAtATime } from './one-at-a-time.ts';

function setUp() {
  const begun: PromiseWithResolvers<void>[] = [];
  const work = oneAtATime(() => {
    const time = Promise.withResolvers<void>();
    begun.push(time);
    return time.promise;
  });
  return { begun, work };
}
/** Lets everything happen that waits for nothing else. */
const settled = async () => {
  for (let turn = 0; turn < 20; turn += 1) await undefined;
};

it('does the work once more after calls that come while it is being done, and tells each caller its end', async () => {
  const { begun, work } = setUp();
  const ended: string[] = [];
  for (const name of ['first', 'second', 'third']) void work().then(() => ended.push(name));
  expect(begun).toHaveLength(1);
  begun[0]!.resolve();
  await settled();
  expect([begun.length, ended]).toEqual([2, ['first']]);
  begun[1]!.resolve();
  await settled();
  expect([begun.length, ended]).toEqual([2, ['first', 'second', 'third']]);
  void work();
  expect(begun).toHaveLength(3);
});

it('does the work again after it has failed', async () => {
  const { begun, work } = setUp();
  const failing = work();
  const next = work();
  begun[0]!.reject(new Error('the worker is gone'));
  await expect(failing).rejects.toThrow('the worker is gone');
  await settled();
  begun[1]!.resolve();
  await expect(next).resolves.toBeUndefined();
});
