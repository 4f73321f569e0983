// @module-tag slow
import { seededRandom } from '@swipenet/shared/random.ts';
import { describe, expect, it } from 'vitest';
import type { Picture } from '../image/develop.ts';
import { drawPicture } from './draw-photo.ts';
import { FAULTS, type FaultName } from './faults.ts';

const sound = await drawPicture({ scene: 'land', seed: 3, faults: [] });

const spoil = (name: FaultName, strength: number) => FAULTS[name](sound, strength, seededRandom(1));

const mean = ({ pixels }: Picture) => pixels.reduce((sum, level) => sum + level, 0) / pixels.length;

const deviation = (picture: Picture) => {
  const middle = mean(picture);
  return Math.sqrt(picture.pixels.reduce((sum, level) => sum + (level - middle) ** 2, 0) / picture.pixels.length);
};

/** Mean step between the green of neighbours in a row (`across` 1) or in a column (`across` the width). */
function gradient({ pixels, width }: Picture, along: 'row' | 'column' = 'row'): number {
  const step = along === 'row' ? 3 : width * 3;
  let sum = 0;
  let count = 0;
  for (let at = 1; at + step < pixels.length; at += 3) {
    sum += Math.abs(pixels[at + step]! - pixels[at]!);
    count += 1;
  }
  return sum / count;
}

describe('faults', () => {
  it.each(Object.keys(FAULTS) as FaultName[])(
    '%s keeps the size, and the picture it was given as it was',
    async (name) => {
      const before = mean(sound);
      const { width, height, pixels } = await spoil(name, 0.7);
      expect([width, height, pixels.length]).toEqual([640, 800, 640 * 800 * 3]);
      expect(mean(sound)).toBe(before);
    },
  );

  it.each(Object.keys(FAULTS) as FaultName[])('%s is the same for the same chance', async (name) => {
    expect((await spoil(name, 0.5)).pixels).toEqual((await spoil(name, 0.5)).pixels);
  });

  it.each(['blurred', 'coarse'] as const)('%s leaves less detail, the more the stronger', async (name) => {
    const [weak, strong] = [gradient(await spoil(name, 0)), gradient(await spoil(name, 1))];
    expect(weak).toBeLessThan(gradient(sound) * 0.6);
    expect(strong).toBeLessThan(weak);
  });

  it('shaken smears along rows and leaves more detail down the columns', async () => {
    const shaken = await spoil('shaken', 0.6);
    expect(gradient(shaken, 'row')).toBeLessThan(gradient(sound, 'row') * 0.3);
    expect(gradient(shaken, 'column')).toBeGreaterThan(2 * gradient(shaken, 'row'));
    expect(mean(shaken)).toBeCloseTo(mean(sound), -0.5);
  });

  it('dark takes light away, bright adds some', async () => {
    expect(mean(await spoil('dark', 0))).toBeLessThan(mean(sound) * 0.5);
    expect(mean(await spoil('dark', 1))).toBeLessThan(mean(sound) * 0.12);
    expect(mean(await spoil('bright', 0.5))).toBeGreaterThan(mean(sound) * 1.3);
  });

  it('flat takes contrast away', async () => {
    expect(deviation(await spoil('flat', 1))).toBeLessThan(deviation(sound) * 0.2);
  });

  it('noisy roughens without changing the light much', async () => {
    const noisy = await spoil('noisy', 0.3);
    expect(gradient(noisy)).toBeGreaterThan(gradient(sound) * 1.5);
    expect(Math.abs(mean(noisy) - mean(sound))).toBeLessThan(8);
  });

  it('crushed breaks smooth detail into blocks: most neighbours become equal', async () => {
    const equal = ({ pixels }: Picture) =>
      pixels.reduce((count, level, at) => count + (level === pixels[at + 3] ? 1 : 0), 0) / pixels.length;
    expect(equal(await spoil('crushed', 1))).toBeGreaterThan(equal(sound) + 0.2);
  });

  it('tilted turns the picture and shows no empty corner', async () => {
    const tilted = await spoil('tilted', 1);
    const { width, height, pixels } = tilted;
    const corners = [0, width - 1, (height - 1) * width, height * width - 1].map((pixel) =>
      Math.max(...pixels.subarray(pixel * 3, pixel * 3 + 3)),
    );
    expect(Math.min(...corners)).toBeGreaterThan(0);
    expect(pixels).not.toEqual(sound.pixels);
  });
});
