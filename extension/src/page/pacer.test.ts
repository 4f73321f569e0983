import { expect, it } from 'vitest';
import { PageClock } from '../../../test/support/page-clock.ts';
import { Pacer } from './pacer.ts';

const never = new AbortController().signal;

it('lets the first swipe be made at once and keeps the next ones apart', async () => {
  const clock = new PageClock();
  const pacer = new Pacer(clock, () => 12);
  await pacer.turn(never);
  pacer.swiped();
  clock.advance(1_000);
  const next = pacer.turn(never);
  expect(clock.delaysMs).toEqual([4_000]);
  clock.advance(4_000);
  await next;
});

it('does not wait without a pace', async () => {
  const clock = new PageClock();
  const pacer = new Pacer(clock, () => null);
  pacer.swiped();
  await pacer.turn(never);
  expect(clock.delaysMs).toEqual([]);
});

it('gives a wait up with the signal’s reason', async () => {
  const clock = new PageClock();
  const pacer = new Pacer(clock, () => 1);
  pacer.swiped();
  const end = new AbortController();
  const turn = pacer.turn(end.signal);
  end.abort(new Error('off'));
  await expect(turn).rejects.toThrow('off');
});
