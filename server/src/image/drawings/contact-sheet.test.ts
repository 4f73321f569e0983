import { expect, it } from 'vitest';
import { grayLevels } from '../photo-bytes.ts';
import { sharp } from '../sharp.ts';
import { contactSheet } from './contact-sheet.ts';

it('draws each heading, with its special characters, above its photos', async () => {
  const white = grayLevels(new Uint8Array(256 * 256).fill(255));
  const sections = [
    { heading: 'LIKE: 1 < 2 & <b>', photos: [white] },
    { heading: ' a heading that is wider than the sheet'.repeat(20), photos: [white] },
  ];
  const { data, info } = await sharp(await contactSheet(sections))
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect(info).toMatchObject({ width: 1324, height: 340, channels: 1 });
  const darkest = (top: number, left: number) =>
    Math.min(...Array.from({ length: 36 }, (_, row) => data[(top + row) * info.width + left]!));
  const inked = (top: number) => Array.from({ length: info.width }, (_, left) => darkest(top, left) < 100);
  expect(inked(0).lastIndexOf(true)).toBeGreaterThan(100);
  expect(inked(0).lastIndexOf(true)).toBeLessThan(400);
  expect(inked(168).lastIndexOf(true)).toBeGreaterThan(1200);
  expect(darkest(36, 20)).toBe(255);
});
