import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../../test/support/random.ts';
import { animatedAvif } from '../../../../../test/support/shown-photos/animated-avif.ts';
import { coded, monochrome } from '../../../../../test/support/shown-photos/avif-photos.ts';
import { basePicture, SIZE } from '../../../../../test/support/shown-photos/base-picture.ts';
import { avifLevels } from './avif-levels.ts';
import { firstFrame } from './first-frame.ts';
import { stillItems } from './items.ts';
import { colorConfigOf } from './sequence-header.ts';
import { stillAvif } from './still.ts';

const saved = (bitdepth: 8 | 10 | 12 = 8, alpha = false) => basePicture(alpha).avif({ effort: 0, bitdepth }).toBuffer();

/** Changes the bit of a stream that says whether levels are from 0 to 255: the last one that changes only that. */
function otherRange(stream: Uint8Array): Uint8Array {
  const before = colorConfigOf(stream)!;
  const wanted = { ...before, fullRange: !before.fullRange };
  const changed = Array.from({ length: 120 }, (_, bit) => {
    const bytes = Uint8Array.from(stream);
    bytes[bit >> 3]! ^= 128 >> (bit & 7);
    return bytes;
  });
  return changed.findLast((bytes) => {
    try {
      return JSON.stringify(colorConfigOf(bytes)) === JSON.stringify(wanted);
    } catch {
      return false;
    }
  })!;
}

describe('the levels of an AVIF', () => {
  it.each([8, 10, 12] as const)('are read from its boxes: %d bits', async (bitdepth) => {
    expect(avifLevels(await saved(bitdepth))).toEqual({
      deep: bitdepth > 8,
      limitedGray: false,
      hasProfile: false,
      space: undefined,
    });
    const profile = await basePicture().withIccProfile('p3').avif({ effort: 0, bitdepth }).toBuffer();
    expect(avifLevels(profile)).toMatchObject({ hasProfile: true, space: undefined });
  });

  it.each([8, 10, 12] as const)(
    'are limited if a monochrome picture says so, in a box or else in its stream: %d bits',
    async (bits) => {
      const gray = await monochrome(true, bits);
      const full = colorConfigOf(gray.stream)!.fullRange ? gray : { ...gray, stream: otherRange(gray.stream) };
      const limited = { ...gray, stream: otherRange(full.stream) };
      const limitedGray = (picture: typeof gray) => avifLevels(stillAvif(picture)).limitedGray;
      expect([full, limited].map(limitedGray)).toEqual([false, true]);
      expect(limitedGray(coded(full, [1, 13, 6], false))).toBe(true);
      expect(limitedGray(coded(limited, [1, 13, 6], true))).toBe(false);
    },
  );

  it('are those of a color space if the code points say so', async () => {
    const { picture } = stillItems(await saved())!;
    const hasSpace = (codes: [number, number, number]) =>
      avifLevels(stillAvif(coded(picture, codes, true))).space !== undefined;
    expect([hasSpace([1, 13, 6]), hasSpace([1, 1, 1]), hasSpace([2, 2, 2])]).toEqual([false, false, false]);
    expect([hasSpace([12, 13, 6]), hasSpace([1, 8, 6]), hasSpace([9, 14, 9])]).toEqual([true, true, true]);
    expect(hasSpace([9, 16, 9])).toBe(false); // HDR
  });
});

describe('the first frame of an animated AVIF', () => {
  it('is a still of the same pixels and transparency', async () => {
    const { picture, alpha } = stillItems(await saved(8, true))!;
    const other = stillItems(await basePicture(true).negate().avif({ effort: 0 }).toBuffer())!;
    const limited = coded(picture, [1, 13, 6], false);
    const animated = animatedAvif(SIZE, [limited, other.picture], [alpha!, other.alpha!]);
    const pixels = (avif: Uint8Array) => sharp(avif).raw().toBuffer();
    expect((await pixels(firstFrame(animated)!)).equals(await pixels(stillAvif(limited, alpha)))).toBe(true);
  });

  it('is undefined for a still', async () => {
    expect(firstFrame(await saved())).toBeUndefined();
  });

  it('is a still, undefined or a RangeError for any bytes', async () => {
    const { picture } = stillItems(await saved())!;
    const animated = animatedAvif(SIZE, [picture, picture]);
    const header = animated.indexOf('mdat');
    const random = seededRandom(2);
    for (let round = 0; round < 500; round += 1) {
      const bytes = Uint8Array.from(animated.subarray(0, round % 2 ? animated.length : header * random()));
      for (let change = 0; change <= round % 5; change += 1) bytes[Math.floor(random() * header)] = random() * 256;
      try {
        firstFrame(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
      expect(avifLevels(bytes)).toHaveProperty('deep');
    }
  });
});
