// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest';
import { ProfileWatcher } from './profile-watcher.ts';

const change = () => document.body.append(document.createElement('i'));
const settled = () => new Promise((done) => setTimeout(done));

it('resolves at once if the first look returns something', async () => {
  const watcher = new ProfileWatcher(document, new AbortController().signal);
  expect(await watcher.until(() => 'seen', new AbortController().signal)).toBe('seen');
});

it('looks again after each DOM mutation and after a poke', async () => {
  const watcher = new ProfileWatcher(document, new AbortController().signal);
  const look = vi.fn(() => look.mock.calls.length > 2);
  const waiting = watcher.until(look, new AbortController().signal);
  change();
  await settled();
  watcher.poke();
  expect(await waiting).toBe(true);
  expect(look).toHaveBeenCalledTimes(3);
});

it('rejects with the signal’s reason, and stops looking', async () => {
  const watcher = new ProfileWatcher(document, new AbortController().signal);
  const end = new AbortController();
  const look = vi.fn(() => undefined);
  const waiting = watcher.until(look, end.signal);
  end.abort(new Error('off'));
  await expect(waiting).rejects.toThrow('off');
  await expect(watcher.until(look, end.signal)).rejects.toThrow('off');
  watcher.poke();
  expect(look).toHaveBeenCalledTimes(1);
});

it('watches nothing after its signal has aborted', async () => {
  const end = new AbortController();
  const watcher = new ProfileWatcher(document, end.signal);
  const listener = vi.fn();
  watcher.onChange(listener, new AbortController().signal);
  end.abort();
  change();
  await settled();
  expect(listener).not.toHaveBeenCalled();
});

it.each(['online', 'offline'])('looks again when the browser goes %s, without a DOM mutation', async (event) => {
  const watcher = new ProfileWatcher(document, new AbortController().signal);
  const look = vi.fn(() => look.mock.calls.length > 1);
  const waiting = watcher.until(look, new AbortController().signal);
  window.dispatchEvent(new Event(event));
  expect(await waiting).toBe(true);
});
