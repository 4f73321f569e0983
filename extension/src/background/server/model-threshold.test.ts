import type { ModelAnswer } from '@swipenet/shared/contract/model.ts';
import { beforeEach, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { changeSettings, readSettings, type Settings } from '../../storage/settings.ts';
import { chosenThreshold, servedThreshold } from './model-threshold.ts';

const MINE = { id: 'mine-int8', sha256: 'i', parent: 'mine', parentSha256: 'm' };
const OTHER = { id: 'other', sha256: 'o' };

beforeEach(() => fakeBrowser.reset());

const store = (thresholds: Settings['thresholds']) => changeSettings({ thresholds });
const clientOf = (model: object) => ({ model: vi.fn(async () => model as ModelAnswer) });

it('gives a threshold from before they were kept per model to the first model that is asked about, for good', async () => {
  await store({ chosen: [], unassigned: 0.55 });
  const before = await readSettings();
  expect(await chosenThreshold(before, MINE)).toBe(0.55);
  // Work that began before doesn't give it away again.
  expect(await chosenThreshold(before, OTHER)).toBeNull();
  expect((await readSettings()).thresholds).toEqual({
    chosen: [{ model: 'mine', sha256: 'm', threshold: 0.55 }],
    unassigned: null,
  });
});

it('gives it to one model only, even if two are asked about at once', async () => {
  await store({ chosen: [], unassigned: 0.55 });
  const settings = await readSettings();
  const found = await Promise.all([OTHER, MINE, OTHER].map((model) => chosenThreshold(settings, model)));
  expect(found).toEqual([0.55, null, 0.55]);
});

it('asks the server for its model only if the person has chosen a threshold for any', async () => {
  const client = clientOf(OTHER);
  expect(await servedThreshold(client, await readSettings())).toBeNull();
  expect(client.model).not.toHaveBeenCalled();
  const chosen = [{ model: 'mine', sha256: 'm', threshold: 0.7 }];
  const settings = await store({ chosen, unassigned: null });
  expect(await servedThreshold(client, settings)).toBeNull();
  expect(await servedThreshold(clientOf(MINE), settings)).toBe(0.7);
});
