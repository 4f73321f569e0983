import { expect, it, vi } from 'vitest';
import { SessionStatus } from './session-status.ts';

function sessionStatus() {
  const control = { swipe: true };
  const overlay = { showStatus: vi.fn() };
  const [report, leave] = [vi.fn(), vi.fn()];
  const status = new SessionStatus({ maySwipe: () => control.swipe, report, leave });
  const end = new AbortController();
  status.begin(overlay, end.signal);
  report.mockClear();
  return { control, overlay, report, leave, status, end: () => end.abort() };
}

it('reports each change once', () => {
  const { status, report } = sessionStatus();
  status.wait('page_loading');
  status.wait('page_loading');
  status.clear();
  expect(report.mock.calls).toEqual([[{ reason: 'page_loading' }], [{ reason: null }]]);
});

it('keeps the reason for a stop until Resume, whatever it waits for', () => {
  const { status, report } = sessionStatus();
  status.stop('hold', '2', 'card-1');
  status.wait('page_loading');
  status.clear();
  expect(report.mock.calls).toEqual([[{ reason: 'hold', detail: '2' }]]);
  expect(status.stopped).toMatchObject({ reason: 'hold', key: 'card-1' });
  expect([status.resume(), status.resume(), status.resumes]).toEqual([true, false, 1]);
  expect(report.mock.lastCall).toEqual([{ reason: null }]);
});

it('shows on the page what a person would wonder about while swiping', () => {
  const { status, overlay, control } = sessionStatus();
  status.wait('page_loading');
  expect(overlay.showStatus.mock.lastCall).toEqual([{ reason: null }]);
  status.wait('offline');
  expect(overlay.showStatus.mock.lastCall).toEqual([{ reason: 'offline' }]);
  control.swipe = false;
  status.wait('offline'); // the control has been moved to Show
  expect(overlay.showStatus.mock.lastCall).toEqual([{ reason: null }]);
  control.swipe = true;
  status.wait('offline');
  expect(overlay.showStatus.mock.lastCall).toEqual([{ reason: 'offline' }]);
});

it('keeps a stop after its session ends, and shows it in the next one', () => {
  const { status, report, leave, end } = sessionStatus();
  status.stop('challenge');
  end();
  expect(leave).toHaveBeenCalledTimes(1);
  const next = { showStatus: vi.fn() };
  status.begin(next, new AbortController().signal);
  status.wait('page_loading');
  expect(report.mock.lastCall).toEqual([{ reason: 'challenge' }]);
  expect(next.showStatus.mock.lastCall).toEqual([{ reason: 'challenge' }]);
});

it('forgets a temporary reason when the session ends', () => {
  const { status, report, end } = sessionStatus();
  status.wait('deck_ended');
  end();
  status.begin({ showStatus: () => {} }, new AbortController().signal);
  expect(report.mock.lastCall).toEqual([{ reason: null }]);
});

it('counts a swipe confirmed after its session has ended, without listing the page again', () => {
  const { status, report, leave, end } = sessionStatus();
  end();
  status.count('right', 'swipe-1');
  expect(report.mock.lastCall).toEqual([{ reason: null }, 'right', 'swipe-1']);
  expect(leave).toHaveBeenCalledTimes(2);
  status.begin({ showStatus: () => {} }, new AbortController().signal);
  status.count('right', 'swipe-2');
  expect(leave).toHaveBeenCalledTimes(2);
});

it('keeps a stop for an unconfirmed press even after the session has ended', () => {
  const { status, report, end } = sessionStatus();
  end();
  status.stop('swipe_unverified');
  expect(report).not.toHaveBeenCalled();
  expect(status.stopped?.reason).toBe('swipe_unverified');
});
