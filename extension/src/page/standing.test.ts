import { expect, it, vi } from 'vitest';
import { Standing } from './standing.ts';

function standingOf() {
  const control = { swipe: true };
  const overlay = { showStatus: vi.fn() };
  const [report, leave] = [vi.fn(), vi.fn()];
  const standing = new Standing({ maySwipe: () => control.swipe, report, leave });
  const end = new AbortController();
  standing.begin(overlay, end.signal);
  report.mockClear();
  return { control, overlay, report, leave, standing, end: () => end.abort() };
}

it('says each change once', () => {
  const { standing, report } = standingOf();
  standing.wait('page_loading');
  standing.wait('page_loading');
  standing.clear();
  expect(report.mock.calls).toEqual([[{ reason: 'page_loading' }], [{ reason: null }]]);
});

it('says nothing that it only waits for over the reason to stop, until Resume', () => {
  const { standing, report } = standingOf();
  standing.stop('hold', '2', 'card-1');
  standing.wait('page_loading');
  standing.clear();
  expect(report.mock.calls).toEqual([[{ reason: 'hold', detail: '2' }]]);
  expect(standing.halt).toMatchObject({ reason: 'hold', key: 'card-1' });
  expect([standing.resume(), standing.resume(), standing.resumes]).toEqual([true, false, 1]);
  expect(report.mock.lastCall).toEqual([{ reason: null }]);
});

it('notes on the page what a person would wonder about, while it swipes', () => {
  const { standing, overlay, control } = standingOf();
  standing.wait('page_loading');
  expect(overlay.showStatus.mock.lastCall).toEqual([{ reason: null }]);
  standing.wait('offline');
  expect(overlay.showStatus.mock.lastCall).toEqual([{ reason: 'offline' }]);
  control.swipe = false;
  standing.wait('offline'); // the control was moved to Show meanwhile
  expect(overlay.showStatus.mock.lastCall).toEqual([{ reason: null }]);
  control.swipe = true;
  standing.wait('offline');
  expect(overlay.showStatus.mock.lastCall).toEqual([{ reason: 'offline' }]);
});

it('keeps a stop over the end of a session, and tells the next one of it', () => {
  const { standing, report, leave, end } = standingOf();
  standing.stop('challenge');
  end();
  expect(leave).toHaveBeenCalledTimes(1);
  const next = { showStatus: vi.fn() };
  standing.begin(next, new AbortController().signal);
  standing.wait('page_loading');
  expect(report.mock.lastCall).toEqual([{ reason: 'challenge' }]);
  expect(next.showStatus.mock.lastCall).toEqual([{ reason: 'challenge' }]);
});

it('forgets at the end of a session what it only waited for', () => {
  const { standing, report, end } = standingOf();
  standing.wait('deck_ended');
  end();
  standing.begin({ showStatus: () => {} }, new AbortController().signal);
  expect(report.mock.lastCall).toEqual([{ reason: null }]);
});

it('counts a swipe that is confirmed after its session’s end, and brings the page back into no list', () => {
  const { standing, report, leave, end } = standingOf();
  end();
  standing.count('right', 'swipe-1');
  expect(report.mock.lastCall).toEqual([{ reason: null }, 'right', 'swipe-1']);
  expect(leave).toHaveBeenCalledTimes(2);
  standing.begin({ showStatus: () => {} }, new AbortController().signal);
  standing.count('right', 'swipe-2');
  expect(leave).toHaveBeenCalledTimes(2);
});

it('keeps a stop that comes after the session’s end: a press that was not confirmed', () => {
  const { standing, report, end } = standingOf();
  end();
  standing.stop('swipe_unverified');
  expect(report).not.toHaveBeenCalled();
  expect(standing.halt?.reason).toBe('swipe_unverified');
});
