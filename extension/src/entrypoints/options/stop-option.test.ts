// @vitest-environment happy-dom

import { beforeEach, expect, it, vi } from 'vitest';
import { showStopOption } from './stop-option.ts';

const world = { isGiven: false, answer: true };
let changed: (() => void)[] = [];
const event = { addListener: (listener: () => void) => void changed.push(listener) };
const permissions = {
  contains: async () => world.isGiven,
  request: vi.fn(async () => {
    world.isGiven = world.answer;
    return world.answer;
  }),
  remove: vi.fn(async () => {
    world.isGiven = false;
    return true;
  }),
  onAdded: event,
  onRemoved: event,
};
const option = () => document.getElementById('notify') as HTMLInputElement;
const isRefused = () => !document.getElementById('notify-refused')!.hidden;
const settled = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(async () => {
  Object.assign(world, { isGiven: false, answer: true });
  changed = [];
  document.body.innerHTML = '<input id="notify" type="checkbox"><p id="notify-refused" hidden></p>';
  showStopOption(document, permissions as never);
  await settled();
});

it('is off until the person allows notifications, and gives the permission back', async () => {
  expect(option().checked).toBe(false);
  option().click();
  await settled();
  expect([option().checked, isRefused(), world.isGiven]).toEqual([true, false, true]);
  option().click();
  await settled();
  expect([option().checked, isRefused(), world.isGiven]).toEqual([false, false, false]);
});

it.each([
  ['the person', () => Promise.resolve(false)],
  ['the browser', () => Promise.reject(new Error('a policy'))],
])('stays off, and says so, if %s refuses', async (_, answer) => {
  vi.spyOn(console, 'warn').mockReturnValue();
  permissions.request.mockImplementationOnce(answer);
  option().click();
  await settled();
  expect([option().checked, isRefused()]).toEqual([false, true]);
});

it('follows what the person changes in the browser’s own settings', async () => {
  world.isGiven = true;
  for (const listener of changed) listener();
  await settled();
  expect(option().checked).toBe(true);
});
