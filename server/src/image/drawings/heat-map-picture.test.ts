import { heatColor } from '@swipenet/shared/heat-map.ts';
import { expect, it } from 'vitest';
import { encodedPhoto } from '../photo-bytes.ts';
import { sharp } from '../sharp.ts';
import { drawHeatMap, type Heat, heatMapPicture } from './heat-map-picture.ts';

const GROUND = [200, 100, 50];
const pictureOf = (width: number, height: number) => ({
  ...{ width, height },
  pixels: Uint8Array.from({ length: width * height * 3 }, (_, at) => GROUND[at % 3]!),
});

/** Evidence for LIKE in the top right cell and for NOPE in the bottom left one. */
const evidence = Array.from({ length: 49 }, (_, at) => (at === 6 ? 4 : at === 42 ? -4 : 0));
const heat: Heat = { evidence, scale: 4, resize: 'cover' };

async function drawn(png: Uint8Array | undefined) {
  const { data, info } = await sharp(png!).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => [...data.subarray(3 * (y * info.width + x), 3 * (y * info.width + x + 1))];
  return { width: info.width, height: info.height, at };
}

const expectColor = (found: number[], expected: readonly number[]) => {
  for (const [channel, level] of found.entries()) expect(Math.abs(level - expected[channel]!)).toBeLessThanOrEqual(2);
};
const covered = (share: number) => heatColor(share).map((level, channel) => 0.6 * level + 0.4 * GROUND[channel]!);

it('covers what the network sees of the photo, with each cell where its evidence is', async () => {
  const { width, height, at } = await drawn(await drawHeatMap(pictureOf(512, 768), heat));
  expect([width, height]).toEqual([512, 768 + 32]);
  // The network sees 448 × 448 pixels from (32, 160), so a cell has 64.
  expectColor(at(32 + 448 - 10, 160 + 10), covered(1));
  expectColor(at(32 + 10, 160 + 448 - 10), covered(-1));
  expectColor(at(256, 384), covered(0));
  for (const [x, y] of [
    [30, 384],
    [482, 384],
    [256, 158],
    [256, 610],
  ] as const)
    expectColor(at(x, y), GROUND);
});

it('has a legend from NOPE to LIKE below the photo', async () => {
  const { width, at } = await drawn(await drawHeatMap(pictureOf(512, 512), heat));
  const row = Array.from({ length: width }, (_, x) => at(x, 512 + 16));
  const placeOf = (color: readonly number[]) =>
    row.findIndex((found) => found.every((level, at) => level === color[at]));
  const [nope, nothing, like] = [-1, 0, 1].map((share) => placeOf(heatColor(share))) as [number, number, number];
  expect(nope).toBeGreaterThan(0);
  expect(nothing).toBeGreaterThan(nope);
  expect(like).toBeGreaterThan(nothing);
  const hasText = (from: number, to: number) =>
    row.slice(from, to).some((found) => found.every((level) => level < 100));
  expect([hasText(0, nope), hasText(like + 1, width)]).toEqual([true, true]);
});

it('gives a narrow photo margins, so that its legend fits', async () => {
  const { width, at } = await drawn(await drawHeatMap(pictureOf(100, 400), heat));
  expect(width).toBe(300);
  expect([at(50, 10), at(150, 10), at(250, 10)]).toEqual([[255, 255, 255], GROUND, [255, 255, 255]]);
});

it('draws a photo as it is shown, and none that can’t be decoded', async () => {
  const jpeg = await sharp(pictureOf(640, 320).pixels, { raw: { width: 640, height: 320, channels: 3 } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  const { width, height } = await drawn(await heatMapPicture(encodedPhoto(new Uint8Array(jpeg)), heat));
  expect([width, height]).toEqual([320, 640 + 32]);
  expect(await heatMapPicture(encodedPhoto(new Uint8Array(jpeg.subarray(0, 60))), heat)).toBeUndefined();
});
