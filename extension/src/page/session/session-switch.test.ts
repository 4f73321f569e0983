import { expect, it, vi } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../../storage/settings.ts';
import { SessionSwitch } from './session-switch.ts';

const settings = (change: Partial<Settings> = {}): Settings => ({
  ...DEFAULT_SETTINGS,
  consent: 'loopback',
  ...change,
});

function switchOf() {
  const signals: AbortSignal[] = [];
  const session = { resume: vi.fn(), moved: vi.fn() };
  let mine = true;
  const start = (signal: AbortSignal) => {
    signals.push(signal);
    return session;
  };
  const forgetStop = vi.fn();
  const sessions = new SessionSwitch({ start, hasDeck: () => mine, forgetStop });
  return { sessions, session, forgetStop, signals, leave: () => (mine = false), comeBack: () => (mine = true) };
}

it('starts nothing before the person consents or while it is off', () => {
  const { sessions, signals } = switchOf();
  sessions.update(settings({ consent: null }));
  sessions.update(settings({ mode: 'off' }));
  expect(signals).toEqual([]);
});

it('runs a single session, however often the settings change', () => {
  const { sessions, signals, session } = switchOf();
  sessions.update(settings());
  sessions.update(settings({ limits: { ...DEFAULT_SETTINGS.limits, perMinute: 5 } }));
  sessions.update(settings({ mode: 'swipe' }));
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  expect(session.moved).toHaveBeenCalledTimes(1);
});

it('ends the session at once when it is turned off', () => {
  const { sessions, signals } = switchOf();
  sessions.update(settings({ mode: 'swipe' }));
  sessions.update(settings({ mode: 'off' }));
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
});

it('starts a new session when a setting that affects verdicts changes', () => {
  const { sessions, signals } = switchOf();
  sessions.update(settings());
  sessions.update(settings({ thresholds: { chosen: [], unassigned: 0.9 } }));
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
});

it('ends when the address leaves the deck, and starts again when it returns', () => {
  const { sessions, signals, leave, comeBack } = switchOf();
  sessions.update(settings());
  leave();
  sessions.update(settings());
  comeBack();
  sessions.update(settings());
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
});

it('treats only a move of the control as Resume, even if no session runs', () => {
  const { sessions, forgetStop, leave } = switchOf();
  sessions.update(settings());
  sessions.update(settings({ thresholds: { chosen: [], unassigned: 0.9 } }));
  leave();
  sessions.update(settings({ thresholds: { chosen: [], unassigned: 0.9 } }));
  expect(forgetStop).not.toHaveBeenCalled();
  sessions.update(settings({ mode: 'swipe' }));
  sessions.update(settings({ mode: 'off' }));
  expect(forgetStop).toHaveBeenCalledTimes(2);
});
