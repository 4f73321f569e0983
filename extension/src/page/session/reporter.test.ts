import { expect, it, vi } from 'vitest';
import { PageClock } from '../../../../test/support/page-clock.ts';
import type { Request } from '../../messages.ts';
import { Reporter } from './reporter.ts';

function reporterOf() {
  const clock = new PageClock();
  const send = vi.fn(async (_: Request<'report' | 'leave' | 'release' | 'cancel'>): Promise<unknown> => null);
  return { clock, send, reporter: new Reporter({ send, clock, pageId: 'page' }) };
}

it('gives everything that is counted its own ID', async () => {
  const { reporter, send, clock } = reporterOf();
  reporter.report({ reason: null }, 'seen');
  reporter.report({ reason: null });
  reporter.report({ reason: null }, 'left');
  await clock.runUntil(() => send.mock.calls.length === 3);
  expect(send.mock.calls.map(([request]) => 'counted' in request && request.counted)).toEqual([
    { what: 'seen', id: 'page/1' },
    false,
    { what: 'left', id: 'page/2' },
  ]);
});

it('resends a failed report with the same ID before any later report', async () => {
  const { reporter, send, clock } = reporterOf();
  send.mockRejectedValueOnce(new Error('The message port closed before a response was received.'));
  reporter.report({ reason: null }, 'right');
  reporter.leave();
  await clock.runUntil(() => send.mock.calls.length === 3);
  const [first, second, third] = send.mock.calls.map(([request]) => request);
  expect(second).toEqual(first);
  expect(third).toEqual({ kind: 'leave' });
});

it('drops a report after seven attempts in 45 seconds, and sends the next one', async () => {
  const { reporter, send, clock } = reporterOf();
  for (let call = 0; call < 7; call += 1) send.mockRejectedValueOnce(new Error('no worker'));
  reporter.report({ reason: 'hold' });
  reporter.report({ reason: null });
  await clock.runUntil(() => send.mock.calls.length === 8);
  expect(send.mock.lastCall?.[0]).toEqual({ kind: 'report', status: { reason: null } });
  expect(clock.now()).toBe(44_400);
});

it('counts a swipe under its permit’s ID', async () => {
  const { reporter, send, clock } = reporterOf();
  reporter.report({ reason: null }, 'right', 'page/swipe-1');
  await clock.runUntil(() => send.mock.calls.length === 1);
  expect(send.mock.lastCall?.[0]).toMatchObject({ counted: { what: 'right', id: 'page/swipe-1' } });
});
