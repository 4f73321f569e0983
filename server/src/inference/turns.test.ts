import { expect, it } from 'vitest';
import { Turns } from './turns.ts';

const never = new AbortController().signal;
const settled = () => new Promise((resolve) => setImmediate(resolve));

function setUp(sideBySide: number) {
  const turns = new Turns(sideBySide);
  const begun: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<void>>();
  const take = (name: string, priority: 'now' | 'ahead' = 'now', signal: AbortSignal = never) => {
    const taken = turns.take(
      () => {
        begun.push(name);
        ends.set(name, Promise.withResolvers());
        return ends.get(name)!.promise;
      },
      { priority, signal },
    );
    taken.catch(() => {});
    return taken;
  };
  const end = async (name: string) => {
    ends.get(name)!.resolve();
    await settled();
  };
  return { turns, begun, take, end, ends };
}

it('`ahead` delays `now` by the tasks in progress at the most', async () => {
  const { begun, take, end } = setUp(1);
  for (const name of ['a1', 'a2', 'a3']) take(name, 'ahead');
  take('n1');
  take('n2');
  await end('a1');
  await end('n1');
  await end('n2');
  expect(begun).toEqual(['a1', 'n1', 'n2', 'a2']);
});

it('a task that is no longer wanted never begins, and takes nobody’s turn', async () => {
  const { turns, begun, take, end } = setUp(1);
  take('first');
  const gone = new AbortController();
  const left = take('left', 'now', gone.signal);
  take('next');
  gone.abort(new Error('gone'));
  await expect(left).rejects.toThrow('gone');
  await expect(take('late', 'now', gone.signal)).rejects.toThrow('gone');
  await end('first');
  expect(begun).toEqual(['first', 'next']);
  expect(turns.waiting).toBe(0);
});

it('a task that fails gives its turn on', async () => {
  const { begun, take, ends } = setUp(1);
  const failing = take('failing');
  take('next');
  ends.get('failing')!.reject(new Error('broken'));
  await expect(failing).rejects.toThrow('broken');
  await settled();
  expect(begun).toEqual(['failing', 'next']);
});
