import { beforeEach, describe, expect, it, vi } from 'vitest';
import browser from 'webextension-polyfill';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { number, object } from '../parse.ts';
import { changeState, type Migration, readState, type StoredState, watchState } from './stored-state.ts';

beforeEach(() => fakeBrowser.reset());

interface Counter {
  count: number;
}

const counterOf = (migrations: readonly Migration[] = []): StoredState<Counter> => ({
  area: 'session',
  key: 'counter',
  parse: object({ count: number() }),
  migrations,
  initial: { count: 0 },
});
const COUNTER = counterOf();
const increment = ({ count }: Counter) => ({ count: count + 1 });
const store = (stored: unknown) => browser.storage.session.set({ counter: stored });
const stored = async () => (await browser.storage.session.get('counter')).counter;

it('starts with the initial state and stores nothing before the first change', async () => {
  expect(await readState(COUNTER)).toEqual({ count: 0 });
  expect(await changeState(COUNTER, (same) => same)).toEqual({ count: 0 });
  expect(await stored()).toBeUndefined();
});

it('stores a change with its version and returns the new state', async () => {
  expect(await changeState(COUNTER, increment)).toEqual({ count: 1 });
  expect(await stored()).toEqual({ count: 1, version: 1 });
  expect(await readState(COUNTER)).toEqual({ count: 1 });
});

it('loses no change that is made during another', async () => {
  await Promise.all(Array.from({ length: 20 }, () => changeState(COUNTER, async (before) => increment(before))));
  expect(await readState(COUNTER)).toEqual({ count: 20 });
});

it('runs the next change after one fails', async () => {
  const failing = changeState(COUNTER, () => Promise.reject(new Error('no')));
  const next = changeState(COUNTER, increment);
  await expect(failing).rejects.toThrow('no');
  expect(await next).toEqual({ count: 1 });
});

it('rejects an invalid state and keeps the old one', async () => {
  await changeState(COUNTER, increment);
  await expect(changeState(COUNTER, () => ({ count: 'many' as never }))).rejects.toThrow();
  expect(await readState(COUNTER)).toEqual({ count: 1 });
});

it('removes a state that becomes undefined', async () => {
  const optional: StoredState<Counter | undefined> = { ...COUNTER, initial: undefined };
  await changeState(optional, () => ({ count: 1 }));
  await changeState(optional, () => undefined);
  expect(await browser.storage.session.get()).toEqual({});
  expect(await readState(optional)).toBeUndefined();
});

it('reports changes until the signal aborts', async () => {
  const end = new AbortController();
  const changed = vi.fn();
  watchState(COUNTER, changed, end.signal);
  await changeState(COUNTER, increment);
  await browser.storage.session.set({ another: { count: 7 } });
  await browser.storage.session.remove('counter');
  end.abort();
  await changeState(COUNTER, increment);
  expect(changed.mock.calls).toEqual([[{ count: 1 }], [{ count: 0 }]]);
});

describe('a state of another version', () => {
  const MIGRATIONS: Migration[] = [({ number }) => ({ amount: number }), ({ amount }) => ({ count: amount })];

  it.each([
    ['1', { version: 1, number: 5 }],
    ['1, stored before versions existed', { number: 5 }],
    ['2', { version: 2, amount: 5 }],
    ['3', { version: 3, count: 5 }],
  ])('is migrated step by step from version %s', async (_, old) => {
    await store(old);
    expect(await readState(counterOf(MIGRATIONS))).toEqual({ count: 5 });
    await changeState(counterOf(MIGRATIONS), increment);
    expect(await stored()).toEqual({ count: 6, version: 3 });
  });

  it.each([
    ['its version is from the future', { version: 4, count: 5 }],
    ['its version is 0', { version: 0, number: 5 }],
    ['its version isn’t a number', { version: '1', number: 5 }],
    ['the parser rejects it', { version: 3, count: 'five' }],
    ['the migrations can’t convert it', 7],
  ])('is logged and replaced by the initial state if %s', async (_, unreadable) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    warn.mockClear();
    await store(unreadable);
    expect(await readState(counterOf(MIGRATIONS))).toEqual({ count: 0 });
    expect(warn.mock.calls).toEqual([[expect.stringContaining('reading counter')]]);
  });
});
