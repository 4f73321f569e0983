import { describe, expect, it } from 'vitest';
import { cores, isLoopback, sizeThreadPool } from './machine.ts';

describe('loopback', () => {
  it.each(['127.0.0.1', '127.9.9.9', 'localhost', '::1'])('%s is', (host) => expect(isLoopback(host)).toBe(true));
  it.each(['0.0.0.0', '::', '192.168.1.2', '127.0.0.1.example.org', 'example.org', '1127.0.0.1'])('%s is not', (host) =>
    expect(isLoopback(host)).toBe(false),
  );
});

describe('the thread pool', () => {
  it('has a thread a core and two for files, no fewer than libuv’s own four, unless the user has said how many', () => {
    const environment: Record<string, string | undefined> = {};
    sizeThreadPool(environment);
    expect(environment).toEqual({ UV_THREADPOOL_SIZE: String(Math.max(4, cores + 2)) });
    const given = { UV_THREADPOOL_SIZE: '3' };
    sizeThreadPool(given);
    expect(given).toEqual({ UV_THREADPOOL_SIZE: '3' });
  });
});
