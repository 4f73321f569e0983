import { expect, it, vi } from 'vitest';
import { Standing } from './standing.ts';

function standingOf() {
  const control = { swipe: true };
  const overlay = { showStatus: vi.fn() };
  const report = vi.fn();
  return { control, overlay, report, standing: new Standing({ maySwipe: () => control.swipe, overlay, report }) };
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
  expect(standing.halt).toEqual({ reason: 'hold', key: 'card-1' });
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
