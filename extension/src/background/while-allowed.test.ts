import { beforeEach, expect, it } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { changeSettings, DEFAULT_SETTINGS } from '../storage/settings.ts';
import { whileAllowed } from './while-allowed.ts';

beforeEach(async () => {
  fakeBrowser.reset();
  await changeSettings({ consent: 'loopback' });
});

it.each([
  ['the control is set to Off', { mode: 'off' }, 'consent_missing'],
  ['consent is withdrawn', { consent: null }, 'consent_missing'],
  ['the server changes', { server: { address: 'http://localhost:9999', token: 't', profileKey: '' } }, 'worker_gone'],
  ['the consent to learning changes', { taste: { ...DEFAULT_SETTINGS.taste, consent: 'loopback' } }, 'worker_gone'],
] as const)('aborts work as soon as %s', async (_, change, reason) => {
  const working = whileAllowed(async (_settings, signal) => {
    expect(signal.aborted).toBe(false);
    await changeSettings(change);
    signal.throwIfAborted();
  });
  await expect(working).rejects.toMatchObject({ problem: { reason } });
});

it('lets work continue through other changes, and returns its result', async () => {
  const working = whileAllowed(async ({ mode }, signal) => {
    await changeSettings({ mode: 'swipe', patience: 2 });
    signal.throwIfAborted();
    return mode;
  });
  expect(await working).toBe('show');
});
