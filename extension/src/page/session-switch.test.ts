import { expect, it, vi } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../storage/settings.ts';
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

it('starts nothing before the consent, nor while it is off', () => {
  const { sessions, signals } = switchOf();
  sessions.update(settings({ consent: null }));
  sessions.update(settings({ mode: 'off' }));
  expect(signals).toEqual([]);
});

it('runs one session, however often the settings change', () => {
  const { sessions, signals, session } = switchOf();
  sessions.update(settings());
  sessions.update(settings({ limits: { ...DEFAULT_SETTINGS.limits, perMinute: 5 } }));
  sessions.update(settings({ mode: 'swipe' }));
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  expect(session.moved).toHaveBeenCalledTimes(1);
});

it('ends it at once when it is switched off', () => {
  const { sessions, signals } = switchOf();
  sessions.update(settings({ mode: 'swipe' }));
  sessions.update(settings({ mode: 'off' }));
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
});

it('begins anew when what a verdict depends on has changed', () => {
  const { sessions, signals } = switchOf();
  sessions.update(settings());
  sessions.update(settings({ threshold: 0.9 }));
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
});

it('ends where the address is no deck, and begins anew where it is one again', () => {
  const { sessions, signals, leave, comeBack } = switchOf();
  sessions.update(settings());
  leave();
  sessions.update(settings());
  comeBack();
  sessions.update(settings());
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
});

it('takes a move of the control for Resume, also where no session runs, and nothing else', () => {
  const { sessions, forgetStop, leave } = switchOf();
  sessions.update(settings());
  sessions.update(settings({ threshold: 0.9 }));
  leave();
  sessions.update(settings({ threshold: 0.9 }));
  expect(forgetStop).not.toHaveBeenCalled();
  sessions.update(settings({ mode: 'swipe' }));
  sessions.update(settings({ mode: 'off' }));
  expect(forgetStop).toHaveBeenCalledTimes(2);
});
