import { expect, it, vi } from 'vitest';
import { PageClock } from '../../../../test/support/page-clock.ts';
import { SessionStatus } from '../session/session-status.ts';
import { Pause } from './pause.ts';

function paused() {
  const mode = { swipes: true };
  const clock = new PageClock();
  const status = new SessionStatus({ maySwipe: () => mode.swipes, report: () => {}, leave: () => {} });
  status.begin({ showStatus: () => {} }, new AbortController().signal);
  const resume = vi.fn(() => void status.resume());
  const pause = new Pause({ status, clock, maySwipe: () => mode.swipes, resume });
  /** What a session does when the person acts. */
  const act = () => pause.noting(() => void (status.stopped ?? status.stop('person_acted')));
  return { mode, clock, status, pause, resume, act, reason: () => status.stopped?.reason };
}

it('pauses swiping, and keeps another reason to stop', () => {
  const { pause, reason, status } = paused();
  pause.pause();
  expect(reason()).toBe('paused');
  status.resume();
  status.stop('challenge');
  pause.pause();
  expect(reason()).toBe('challenge');
});

it('has nothing to pause outside Swipe mode', () => {
  const { pause, reason, mode } = paused();
  mode.swipes = false;
  pause.pause();
  pause.toggle();
  expect(reason()).toBeUndefined();
});

it('resumes whatever is stopped, and pauses what runs, by the same key', () => {
  const { pause, reason, resume, status } = paused();
  pause.toggle();
  expect(reason()).toBe('paused');
  pause.toggle();
  expect(reason()).toBeUndefined();
  status.stop('hold');
  pause.toggle();
  expect(resume).toHaveBeenCalledTimes(2);
});

it('pauses in Firefox, too, where the page sees the key before the command comes', () => {
  const { pause, reason, act, clock } = paused();
  act();
  clock.advance(40);
  pause.toggle();
  expect(reason()).toBe('paused');
  act(); // the same key again
  clock.advance(40);
  pause.toggle();
  expect(reason()).toBeUndefined();
});

it('resumes after the person has acted on the page', () => {
  const { pause, reason, act, clock } = paused();
  act();
  clock.advance(2_000);
  pause.toggle();
  expect(reason()).toBeUndefined();
});
