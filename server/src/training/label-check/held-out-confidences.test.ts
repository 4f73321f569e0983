import { LABELS, type Label } from '@swipenet/shared/confidence.ts';
import { expect, it } from 'vitest';
import { decodePhoto } from '../../image/decoding/decode.ts';
import { drawPhoto } from '../../pictures/draw-photo.ts';
import { readPretrained } from '../run/start/pretrained.ts';
import { heldOutConfidences } from './held-out-confidences.ts';
import { suspectedLabels } from './suspected-labels.ts';

/** What photos of each label show: what takes the least time to make. */
const SHOWS = { LIKE: 'portrait', NOPE: 'shore' } as const;

/** The photos whose label is turned around. */
const PLANTED = [5, 12, 19];

it('puts three planted label errors at the top', async () => {
  const levels: Uint8Array[] = [];
  const photos: { id: string; label: Label; part: 'training'; profile: number; path: string }[] = [];
  for (let number = 0; number < 24; number += 1) {
    const label = LABELS[number % 2]!;
    levels.push(await decodePhoto(await drawPhoto({ scene: SHOWS[label], seed: number, faults: [] }), 'squash'));
    const wrong = label === 'LIKE' ? 'NOPE' : 'LIKE';
    photos.push({
      ...{ id: '', part: 'training', profile: number, path: '' },
      label: PLANTED.includes(number) ? wrong : label,
    });
  }
  const phases = new Set<string>();
  const confidences = await heldOutConfidences({
    dataset: {
      photos,
      mean: new Float32Array(65_536).fill(110),
      readPhoto: async (number, into) => into.set(levels[number]!),
    },
    pretrained: (await readPretrained('base'))!,
    ...{ threads: 1, seed: 1, onProgress: (phase) => phases.add(phase) },
  });
  expect(
    suspectedLabels(photos, confidences)
      .slice(0, 3)
      .toSorted((a, b) => a - b),
  ).toEqual(PLANTED);
  expect([...phases]).toEqual(['features', 'learning']);
});
