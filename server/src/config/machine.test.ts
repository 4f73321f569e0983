import { describe, expect, it } from 'vitest';
import { allowsEscapes, cores, isLoopback, sizeThreadPool, useTf32 } from './machine.ts';

describe('loopback', () => {
  it.each(['127.0.0.1', '127.9.9.9', 'localhost', '::1'])('includes %s', (host) => expect(isLoopback(host)).toBe(true));
  it.each(['0.0.0.0', '::', '192.168.1.2', '127.0.0.1.example.org', 'example.org', '1127.0.0.1'])(
    'excludes %s',
    (host) => expect(isLoopback(host)).toBe(false),
  );
});

describe('escape sequences', () => {
  const terminal = { isTTY: true };

  it.each([
    ['on a terminal', terminal, { TERM: 'xterm-256color' }, true],
    ['on a terminal without a name', terminal, {}, true],
    ['with an empty NO_COLOR', terminal, { TERM: 'xterm', NO_COLOR: '' }, true],
    ['on a dumb terminal', terminal, { TERM: 'dumb' }, false],
    ['with NO_COLOR', terminal, { TERM: 'xterm', NO_COLOR: '1' }, false],
    ['in a file or a pipe', {}, { TERM: 'xterm' }, false],
  ] as const)('are decided %s', (_, stream, environment, allowed) => {
    expect(allowsEscapes(stream, environment)).toBe(allowed);
  });
});

describe('the thread pool', () => {
  it('has one thread per core plus two, at least libuv’s default of four, unless the user set a size', () => {
    const environment: Record<string, string | undefined> = {};
    sizeThreadPool(environment);
    expect(environment).toEqual({ UV_THREADPOOL_SIZE: String(Math.max(4, cores + 2)) });
    const preset = { UV_THREADPOOL_SIZE: '3' };
    sizeThreadPool(preset);
    expect(preset).toEqual({ UV_THREADPOOL_SIZE: '3' });
  });
});

describe('TF32', () => {
  it('is what was chosen, whatever the environment says', () => {
    const environment = { NVIDIA_TF32_OVERRIDE: '1' };
    useTf32(false, environment);
    expect(environment).toEqual({ NVIDIA_TF32_OVERRIDE: '0' });
    useTf32(true, environment);
    expect(environment).toEqual({ NVIDIA_TF32_OVERRIDE: '1' });
  });
});
