import { seededRandom } from '@swipenet/shared/random.ts';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Picture } from '../image/develop.ts';
import { encodedPhoto } from '../image/photo-bytes.ts';
import { differenceOf } from '../image/picture-difference.ts';
import { FAULTS, type FaultName } from './faults.ts';
import { MIN_DIFFERENCE, makeVariant, openForVariants, planVariant, VARIANT_SHORT_SIDE } from './photo-variant.ts';

/** A picture with coarse and fine structure, as photos have. */
function structured(width = 160, height = 200): Picture {
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, at) => {
    const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
    return 128 + 60 * Math.sin(x / 9) + 40 * Math.sin((x * y) / 70);
  });
  return { width, height, pixels };
}

const CROP = { share: 1, left: 0, top: 0 };
const plain = { crop: CROP, faults: [], quality: 90, seed: 1 };

describe('a planned variant', () => {
  const plans = (degraded: boolean) => {
    const random = seededRandom(3);
    return Array.from({ length: 300 }, () => planVariant(random, degraded));
  };

  it('has no faults if it should stay well made', () => {
    expect(plans(false).every(({ faults }) => faults.length === 0)).toBe(true);
  });

  it('has one to three different faults if it should be degraded, and every fault occurs', () => {
    const counts = new Set(plans(true).map(({ faults }) => faults.length));
    expect([...counts].toSorted()).toEqual([1, 2, 3]);
    for (const { faults } of plans(true)) expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
    expect(new Set(plans(true).flatMap(({ faults }) => faults.map(({ name }) => name))).size).toBe(9);
  });

  it('has the same crops and JPEG quality for both labels, so neither gives the answer away', () => {
    const mean = (degraded: boolean, of: (plan: ReturnType<typeof planVariant>) => number) =>
      plans(degraded).reduce((sum, plan) => sum + of(plan), 0) / 300;
    expect(mean(true, ({ quality }) => quality)).toBeCloseTo(
      mean(false, ({ quality }) => quality),
      -0.5,
    );
    expect(mean(true, ({ crop }) => crop.share)).toBeCloseTo(
      mean(false, ({ crop }) => crop.share),
      1,
    );
  });
});

describe('a variant', () => {
  it.each(Object.keys(FAULTS) as FaultName[])(
    'has faults that are visible to the network: %s grows until it is visible or at full strength',
    async (name) => {
      const photo = structured();
      const { faults } = await makeVariant(photo, { ...plain, faults: [{ name, strength: 0 }] });
      const [applied] = faults;
      const degraded = await FAULTS[name](photo, applied!.strength, seededRandom(1));
      expect(applied!.strength === 1 || (await differenceOf(photo, degraded)) >= MIN_DIFFERENCE * 0.9).toBe(true);
    },
  );

  it('is the same for the same plan', async () => {
    const plan = { ...plain, faults: [{ name: 'noisy', strength: 0.5 } as const] };
    const [first, second] = [await makeVariant(structured(), plan), await makeVariant(structured(), plan)];
    expect(Buffer.compare(first.bytes, second.bytes)).toBe(0);
  });

  it('keeps the planned share of each side', async () => {
    const { bytes } = await makeVariant(structured(), { ...plain, crop: { share: 0.9, left: 1, top: 0.5 } });
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 144, height: 180, format: 'jpeg' });
  });
});

describe('a photo file for variants', () => {
  const file = async (width: number, height: number) =>
    encodedPhoto(
      await sharp(structured(width, height).pixels, { raw: { width, height, channels: 3 } })
        .jpeg()
        .toBuffer(),
    );

  it('is resized to a fixed short side, so that a strength means the same on every photo', async () => {
    const picture = await openForVariants(await file(256, 384), 256);
    expect([picture?.width, picture?.height]).toEqual([VARIANT_SHORT_SIDE, 960]);
  });

  it('is rejected if its short side is too short', async () => {
    expect(await openForVariants(await file(400, 255), 256)).toBeUndefined();
  });
});
