import { expect, it } from 'vitest';
import { Tickets } from './tickets.ts';

const until = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

it('calls off all work under a ticket, and no other', async () => {
  const tickets = new Tickets();
  const [first, second] = [tickets.during('a', until), tickets.during('a', until)];
  const signals: AbortSignal[] = [];
  for (const ticket of ['b', undefined]) {
    void tickets.during(ticket, async (signal) => {
      signals.push(signal);
      await until(signal);
    });
  }
  tickets.callOff('a');
  await expect(first).rejects.toMatchObject({ problem: { reason: 'worker_gone' } });
  await expect(second).rejects.toMatchObject({ problem: { reason: 'worker_gone' } });
  expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
});

it('gives what the work gives, and has nothing to call off after that', async () => {
  const tickets = new Tickets();
  let given: AbortSignal | undefined;
  const work = async (signal: AbortSignal) => {
    given = signal;
    return 1;
  };
  expect(await tickets.during('a', work)).toBe(1);
  tickets.callOff('a');
  expect(given?.aborted).toBe(false);
});
