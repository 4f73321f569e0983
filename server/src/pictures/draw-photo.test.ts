// @module-tag slow
import { describe, expect, it } from 'vitest';
import { sha256 } from '../files/sha256.ts';
import { decodePhoto } from '../image/decoding/decode.ts';
import { drawPhoto, drawPicture, SCENES, type SceneName } from './draw-photo.ts';

import { PORTRAITS } from './portrait.ts';

const names = Object.keys(SCENES) as SceneName[];

describe('a drawn photo', () => {
  it.each(names)('of %s has the same bytes for the same plan, and different ones for another seed', async (scene) => {
    const photo = await drawPhoto({ scene, seed: 5, faults: [] });
    expect(await drawPhoto({ scene, seed: 5, faults: [] })).toEqual(photo);
    expect(await drawPhoto({ scene, seed: 6, faults: [] })).not.toEqual(photo);
  });

  it.each(names)('of %s has shadows, highlights and fine detail', async (scene) => {
    const { pixels, width, height } = await drawPicture({ scene, seed: 9, faults: [] });
    expect([width, height]).toEqual([640, 800]);
    const green = Array.from({ length: width * height }, (_, pixel) => pixels[pixel * 3 + 1]!);
    const inOrder = green.toSorted((a, b) => a - b);
    const share = (part: number) => inOrder[Math.floor(part * inOrder.length)]!;
    expect(share(0.98) - share(0.02)).toBeGreaterThan(90);
    const steps = green.reduce((sum, level, at) => sum + Math.abs(level - (green[at + 1] ?? level)), 0);
    expect(steps / green.length).toBeGreaterThan(1);
  });

  it('is a JPEG that the server can decode', async () => {
    const gray = await decodePhoto(await drawPhoto({ scene: 'lake', seed: 1, faults: [] }), 'cover');
    expect(gray).toHaveLength(256 * 256);
  });

  it('begins like a JPEG but is undecodable if its plan says broken', async () => {
    const bytes = await drawPhoto({ scene: 'lake', seed: 1, faults: [], broken: true });
    expect([...bytes.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
    await expect(decodePhoto(bytes, 'cover')).rejects.toMatchObject({ code: 'photo_undecodable' });
  });
});

describe('a portrait', () => {
  it('is there under each number, has no two alike, and can have faults', async () => {
    const plans = Array.from({ length: PORTRAITS }, (_, seed) => ({ scene: 'portrait', seed, faults: [] }) as const);
    const seen = new Set<string>();
    for (const plan of plans) {
      const { width, height, pixels } = await drawPicture(plan);
      expect([width, height, pixels.length]).toEqual([400, 500, 600_000]);
      seen.add(sha256(pixels));
    }
    expect(seen.size).toBe(PORTRAITS);
    const dark = await drawPicture({ ...plans[0]!, faults: [{ name: 'dark', strength: 1 }] });
    expect(dark.pixels.every((level) => level < 30)).toBe(true);
  });
});
