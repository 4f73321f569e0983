import { beforeEach, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { fakeLocks } from '../../../test/support/fake-locks.ts';
import { hideControl, placeControl, readControl, watchControl } from './page-control.ts';

beforeEach(() => {
  fakeBrowser.reset();
  fakeLocks();
});

it('is shown at first, where no place is remembered', async () => {
  expect(await readControl()).toEqual({ isHidden: false, places: [] });
});

it('remembers one place per site, and whether it is hidden', async () => {
  await placeControl('demo', { x: 0, y: 1 });
  await placeControl('tinder', { x: 1, y: 0.5 });
  await hideControl(true);
  await placeControl('demo', { x: 0.25, y: 0 });
  expect(await readControl()).toEqual({
    isHidden: true,
    places: [
      { site: 'tinder', place: { x: 1, y: 0.5 } },
      { site: 'demo', place: { x: 0.25, y: 0 } },
    ],
  });
});

it('refuses a place outside the window', async () => {
  await expect(placeControl('demo', { x: 1.5, y: 0 })).rejects.toThrow(TypeError);
});

it('tells the pages of every change', async () => {
  const changed = vi.fn();
  watchControl(changed);
  await hideControl(true);
  expect(changed.mock.calls).toEqual([[{ isHidden: true, places: [] }]]);
});
