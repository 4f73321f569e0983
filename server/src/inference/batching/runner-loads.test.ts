import { expect, it } from 'vitest';
import { RunnerLoads } from './runner-loads.ts';

const [first, second, third] = [{ name: 'first' }, { name: 'second' }, { name: 'third' }];

it('gives an idle runner what it is short of an even share of all items', () => {
  const loads = new RunnerLoads<object>();
  expect(loads.share(first, [first, second, third], 7)).toBe(3);
  loads.add(first, 3);
  loads.add(second, 3);
  expect(loads.share(third, [third], 1)).toBe(3);
  expect(loads.share(first, [first, third], 6)).toBe(1); // of 12 items, 4 each
  expect(loads.share(first, [first, third], 1)).toBe(0);
});

it('prefers the runner with the fewest items, and forgets what has ended', () => {
  const loads = new RunnerLoads<object>();
  expect(loads.least([])).toBeUndefined();
  expect(loads.least([second, first])).toBe(second);
  loads.add(second, 2);
  expect(loads.least([second, first])).toBe(first);
  loads.add(first, 3);
  expect(loads.least([first, second])).toBe(second);
  loads.add(second, -2);
  expect(loads.share(first, [first], 1)).toBe(1); // of 4 items, and no other runner is in use
});
