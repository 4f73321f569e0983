import { expect, it } from 'vitest';
import type { Dataset } from '../dataset/dataset.ts';
import { findPhotoTargets } from './find-photo-targets.ts';

it('every photo of a liked profile counts as LIKE if there is no network to tell photos apart', async () => {
  const photos = [
    { profile: 0, label: 'LIKE' },
    { profile: 9, label: 'NOPE' }, // a validation photo
    { profile: 1, label: 'NOPE' },
    { profile: 0, label: 'LIKE' },
    { profile: 2, label: 'NOPE' },
  ];
  const dataset = { photos, numbersOf: () => [0, 2, 3, 4] } as unknown as Dataset;
  const targets = await findPhotoTargets(dataset, undefined, {
    ...{ seed: 0, target: { kind: 'balanced-accuracy' }, device: 'cpu', threads: 1 },
  });
  // Each row is [NOPE, LIKE]. The liked profile weighs as much as both passed ones together.
  expect([...targets]).toEqual([0, 1, 1, 0, 0, 1, 1, 0]);
});
