import { beforeEach, expect, it } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { SessionLog } from './session-log.ts';

beforeEach(() => fakeBrowser.reset());

it('loses no count when reports come at once', async () => {
  const log = new SessionLog();
  await Promise.all(
    Array.from({ length: 20 }, (_, id) => log.report(1, { reason: null }, { what: 'right', id: String(id) })),
  );
  expect((await log.read()).counts).toEqual({ seen: 0, right: 20, left: 0, held: 0 });
});

it('counts once what is told twice', async () => {
  const log = new SessionLog();
  await log.report(1, { reason: null }, { what: 'left', id: 'a' });
  await log.report(1, { reason: null }, { what: 'left', id: 'a' });
  await log.report(2, { reason: null }, { what: 'left', id: 'a' }); // another tab's
  expect((await log.read()).counts.left).toBe(2);
});

it('counts nothing again that is told again late', async () => {
  const log = new SessionLog();
  await log.report(1, { reason: null }, { what: 'left', id: 'a' });
  for (let id = 0; id < 99; id += 1) await log.report(2, { reason: null }, { what: 'seen', id: String(id) });
  await log.report(1, { reason: null }, { what: 'left', id: 'a' });
  expect((await log.read()).counts).toMatchObject({ left: 1, seen: 99 });
});

it('outlives the worker', async () => {
  await new SessionLog().report(1, { reason: 'hold', detail: '2' }, { what: 'held', id: 'a' });
  expect(await new SessionLog().read()).toEqual({
    counts: { seen: 0, right: 0, left: 0, held: 1 },
    counted: ['1 a'],
    pages: [{ tab: 1, status: { reason: 'hold', detail: '2' } }],
  });
});

it('knows what each tab does, the last that spoke at the end, until it is gone', async () => {
  const log = new SessionLog();
  await log.report(1, { reason: null });
  await log.report(2, { reason: 'deck_ended' });
  await log.report(1, { reason: 'person_acted' });
  expect((await log.read()).pages.map(({ tab }) => tab)).toEqual([2, 1]);
  await log.forget(1);
  expect((await log.read()).pages.map(({ tab }) => tab)).toEqual([2]);
});
