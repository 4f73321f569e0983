import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { onOrder } from './orders.ts';
import { DEFAULT_RULES, type Rules } from './rules/rules.ts';

beforeEach(() => {
  fakeBrowser.reset();
  vi.restoreAllMocks();
});

describe('an order from the worker', () => {
  /** Sends a message to a page. Returns what its listener returned, and a promise of the page's answer. */
  function send(message: unknown, more: Partial<Parameters<typeof onOrder>[0]> = {}) {
    const add = vi.spyOn(fakeBrowser.runtime.onMessage, 'addListener').mockImplementation(() => {});
    const handlers = {
      resume: () => undefined,
      toggle: () => undefined,
      why: () => undefined,
      check: () => ({ site: 'demo' }),
      preview: () => null,
      ...more,
    };
    onOrder(handlers, new AbortController().signal);
    const listener = add.mock.lastCall![0] as (...received: unknown[]) => unknown;
    const answer = Promise.withResolvers<unknown>();
    return { returned: listener(message, {}, answer.resolve), answer: answer.promise };
  }

  it('is answered as Chromium requires: `true` now, and later the answer through the callback', async () => {
    const { returned, answer } = send({ order: 'check' });
    expect(returned).toBe(true);
    expect(await answer).toEqual({ site: 'demo' });
    expect(await send({ order: 'resume' }).answer).toBeNull();
  });

  it('may have an asynchronous handler', async () => {
    expect(await send({ order: 'check' }, { check: async () => 7 }).answer).toBe(7);
  });

  it('brings the rules for a preview', async () => {
    const preview = vi.fn((rules: Rules) => rules.unit);
    const order = { order: 'preview', rules: { ...DEFAULT_RULES, unit: 'mi' } };
    expect(await send(order, { preview }).answer).toBe('mi');
    expect(send({ order: 'preview', rules: {} }, { preview }).returned).toBeUndefined();
  });

  it('is the only message that gets an answer', () => {
    for (const message of [null, 'check', {}, { order: 'buy' }]) expect(send(message).returned).toBeUndefined();
  });

  it('is answered even if its handler fails, and the failure is logged', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const check = () => {
      throw new Error('no card');
    };
    expect(await send({ order: 'check' }, { check }).answer).toBeUndefined();
    expect(warn.mock.calls).toEqual([['swipenet: handling check: no card']]);
  });

  it('is no longer handled after the signal aborts', () => {
    const add = vi.spyOn(fakeBrowser.runtime.onMessage, 'addListener');
    const remove = vi.spyOn(fakeBrowser.runtime.onMessage, 'removeListener');
    const end = new AbortController();
    onOrder(
      {
        resume: () => undefined,
        toggle: () => undefined,
        why: () => undefined,
        preview: () => null,
        check: () => undefined,
      },
      end.signal,
    );
    end.abort();
    expect(remove.mock.calls).toEqual(add.mock.calls);
  });
});
