// @module-tag slow
import { seededRandom } from '@swipenet/shared/random.ts';
import { describe, expect, it } from 'vitest';
import type { Picture } from '../image/develop.ts';
import { drawPicture } from './draw-photo.ts';
import { FAULTS, type FaultName } from './faults.ts';

const original = await drawPicture({ scene: 'land', seed: 3, faults: [] });

const degrade = (name: FaultName, strength: number) => FAULTS[name](original, strength, seededRandom(1));

const mean = ({ pixels }: Picture) => pixels.reduce((sum, level) => sum + level, 0) / pixels.length;

const deviation = (picture: Picture) => {
  const middle = mean(picture);
  return Math.sqrt(picture.pixels.reduce((sum, level) => sum + (level - middle) ** 2, 0) / picture.pixels.length);
};

/** Mean difference between the green values of neighbors in a row or in a column. */
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
  it.each(Object.keys(FAULTS) as FaultName[])('%s keeps the size and doesn’t change its input', async (name) => {
    const before = mean(original);
    const { width, height, pixels } = await degrade(name, 0.7);
    expect([width, height, pixels.length]).toEqual([640, 800, 640 * 800 * 3]);
    expect(mean(original)).toBe(before);
  });

  it.each(Object.keys(FAULTS) as FaultName[])('%s is the same for the same random seed', async (name) => {
    expect((await degrade(name, 0.5)).pixels).toEqual((await degrade(name, 0.5)).pixels);
  });

  it.each(['blurred', 'coarse'] as const)('%s removes detail, and more of it when stronger', async (name) => {
    const [weak, strong] = [gradient(await degrade(name, 0)), gradient(await degrade(name, 1))];
    expect(weak).toBeLessThan(gradient(original) * 0.6);
    expect(strong).toBeLessThan(weak);
  });

  it('shaken smears along rows and keeps more detail along columns', async () => {
    const shaken = await degrade('shaken', 0.6);
    expect(gradient(shaken, 'row')).toBeLessThan(gradient(original, 'row') * 0.3);
    expect(gradient(shaken, 'column')).toBeGreaterThan(2 * gradient(shaken, 'row'));
    expect(mean(shaken)).toBeCloseTo(mean(original), -0.5);
  });

  it('dark removes light, bright adds some', async () => {
    expect(mean(await degrade('dark', 0))).toBeLessThan(mean(original) * 0.5);
    expect(mean(await degrade('dark', 1))).toBeLessThan(mean(original) * 0.12);
    expect(mean(await degrade('bright', 0.5))).toBeGreaterThan(mean(original) * 1.3);
  });

  it('flat removes contrast', async () => {
    expect(deviation(await degrade('flat', 1))).toBeLessThan(deviation(original) * 0.2);
  });

  it('noisy adds noise without changing the brightness much', async () => {
    const noisy = await degrade('noisy', 0.3);
    expect(gradient(noisy)).toBeGreaterThan(gradient(original) * 1.5);
    expect(Math.abs(mean(noisy) - mean(original))).toBeLessThan(8);
  });

  it('crushed turns smooth detail into blocks, so many more neighbors are equal', async () => {
    const equal = ({ pixels }: Picture) =>
      pixels.reduce((count, level, at) => count + (level === pixels[at + 3] ? 1 : 0), 0) / pixels.length;
    expect(equal(await degrade('crushed', 1))).toBeGreaterThan(equal(original) + 0.2);
  });

  it('tilted rotates the picture without empty corners', async () => {
    const tilted = await degrade('tilted', 1);
    const { width, height, pixels } = tilted;
    const corners = [0, width - 1, (height - 1) * width, height * width - 1].map((pixel) =>
      Math.max(...pixels.subarray(pixel * 3, pixel * 3 + 3)),
    );
    expect(Math.min(...corners)).toBeGreaterThan(0);
    expect(pixels).not.toEqual(original.pixels);
  });
});
