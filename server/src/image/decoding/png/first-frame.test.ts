import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { pngPhotos } from '../../../../../test/support/shown-photos/png-photos.ts';
import { chunksOf } from './chunks.ts';
import { firstPngFrame } from './first-frame.ts';

const levels = (png: Uint8Array) => sharp(png).raw().toBuffer();

describe('the first frame of an animated PNG', async () => {
  const photos = await pngPhotos();
  const hidden = Buffer.from(photos['animated, its default picture no part of it']!);

  it('replaces a default picture that is no part of the animation', async () => {
    const shown = await levels(firstPngFrame(hidden)!);
    const negative = (await levels(hidden)).map((level) => 255 - level);
    expect(shown.equals(negative)).toBe(true);
  });

  it('is the default picture otherwise', () => {
    expect(firstPngFrame(photos.animated!)).toBeUndefined();
    expect(firstPngFrame(photos['8-bit colors, sRGB by default']!)).toBeUndefined();
  });

  it('is left out if it is cut off or smaller than the picture', () => {
    expect(firstPngFrame(hidden.subarray(0, -13))).toBeUndefined();
    const control = [...chunksOf(hidden)].find(({ type }) => type === 'fcTL')!;
    control.data[7]! -= 1; // a narrower frame
    expect(firstPngFrame(hidden)).toBeUndefined();
  });
});
