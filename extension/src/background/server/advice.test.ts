import { beforeEach, expect, it, vi } from 'vitest';
import browser from 'webextension-polyfill';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { fakeTexts } from '../../../../test/support/fake-texts.ts';
import { withAdvice } from './advice.ts';
import { ProblemError } from './problem.ts';

beforeEach(() => {
  fakeBrowser.reset();
  fakeTexts(browser);
});

it.each([
  ['http://127.0.0.1:8787', true, 'unreachable_loopback'],
  ['https://s.example:8443', true, 'unreachable_remote s.example:8443'],
  ['https://s.example', false, 'unreachable_permission s.example'],
  ['http://localhost:8787', false, 'unreachable_permission localhost:8787'],
])('says what to do if %s is unreachable (permitted: %s)', async (address, permitted, detail) => {
  const contains = vi.spyOn(browser.permissions, 'contains').mockResolvedValue(permitted);
  const working = withAdvice(address, Promise.reject(new ProblemError('server_unreachable')));
  await expect(working).rejects.toMatchObject({ problem: { reason: 'server_unreachable', detail } });
  expect(contains.mock.calls[0]![0].origins).toEqual([`${address.replace(/:\d+$/, '')}/*`]);
});

it.each([
  ['version_unknown', 'refused_version_unknown'],
  ['field_unknown', 'refused_other field_unknown'],
] as const)('says in the person’s language why the server refused: %s', async (code, detail) => {
  const cause = new ProblemError('server_refused', { detail: code, code, said: 'its own English' });
  const working = withAdvice('https://s.example', Promise.reject(cause));
  await expect(working).rejects.toMatchObject({ code, cause, problem: { reason: 'server_refused', detail } });
});

it('passes on answers and all other problems unchanged', async () => {
  const slow = new ProblemError('server_slow');
  await expect(withAdvice('https://s.example', Promise.reject(slow))).rejects.toBe(slow);
  expect(await withAdvice('https://s.example', Promise.resolve(1))).toBe(1);
});
