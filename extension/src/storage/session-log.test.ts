import { beforeEach, expect, it } from 'vitest';
import browser from 'webextension-polyfill';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { forgetPage, readSession, reportPage } from './session-log.ts';

beforeEach(() => fakeBrowser.reset());

it('loses no counts when several reports come at the same time', async () => {
  await Promise.all(
    Array.from({ length: 20 }, (_, id) => reportPage(1, { reason: null }, { what: 'right', id: String(id) })),
  );
  expect((await readSession()).counts).toEqual({ seen: 0, right: 20, left: 0, held: 0 });
});

it('counts a repeated report once', async () => {
  await reportPage(1, { reason: null }, { what: 'left', id: 'a' });
  await reportPage(1, { reason: null }, { what: 'left', id: 'a' });
  await reportPage(2, { reason: null }, { what: 'left', id: 'a' }); // from another tab
  expect((await readSession()).counts.left).toBe(2);
});

it('counts a report once even if it is repeated late', async () => {
  await reportPage(1, { reason: null }, { what: 'left', id: 'a' });
  for (let id = 0; id < 99; id += 1) await reportPage(2, { reason: null }, { what: 'seen', id: String(id) });
  await reportPage(1, { reason: null }, { what: 'left', id: 'a' });
  expect((await readSession()).counts).toMatchObject({ left: 1, seen: 99 });
});

it('is stored in memory that outlives the worker', async () => {
  await reportPage(1, { reason: 'hold', detail: '2' }, { what: 'held', id: 'a' });
  expect(await browser.storage.local.get()).toEqual({});
  expect(await browser.storage.session.get('session')).toEqual({
    session: {
      counts: { seen: 0, right: 0, left: 0, held: 1 },
      counted: ['1 a'],
      pages: [{ tab: 1, status: { reason: 'hold', detail: '2' } }],
      version: 1,
    },
  });
});

it('reads a session stored before versions existed', async () => {
  const before = {
    counts: { seen: 3, right: 1, left: 1, held: 1 },
    counted: ['7 1700000000000.5/1', '7 1700000000000.5/swipe-1'],
    pages: [{ tab: 7, status: { reason: 'hold', detail: '2' } }],
  };
  await browser.storage.session.set({ session: before });
  expect(await readSession()).toEqual(before);
});

it('lists the open pages in the order of their last reports', async () => {
  await reportPage(1, { reason: null });
  await reportPage(2, { reason: 'deck_ended' });
  await reportPage(1, { reason: 'person_acted' });
  expect((await readSession()).pages.map(({ tab }) => tab)).toEqual([2, 1]);
  await forgetPage(1);
  expect((await readSession()).pages.map(({ tab }) => tab)).toEqual([2]);
});
