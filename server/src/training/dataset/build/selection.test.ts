import type { Label } from '@swipenet/shared/confidence.ts';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePhoto } from '../../../image/decoding/decode.ts';
import { encodedPhoto } from '../../../image/photo-bytes.ts';
import { factsOf } from './photo-facts.ts';
import { Selection } from './selection.ts';

const SIDE = 300;

/** A gray picture from a formula of the place, each from 0 to 1. */
function picture(level: (x: number, y: number) => number): Sharp {
  const pixels = Uint8Array.from({ length: SIDE * SIDE }, (_, at) =>
    level((at % SIDE) / SIDE, Math.floor(at / SIDE) / SIDE),
  );
  return sharp(pixels, { raw: { width: SIDE, height: SIDE, channels: 1 } });
}

const wall = picture(() => 200);
const darkerWall = picture(() => 180);
const sky = picture((x, y) => 40 + 100 * x + 80 * y);
const otherSky = picture((x, y) => 40 + 80 * x + 100 * y);
/** Its grain is the same in all copies, but too fine to tell it from another wall. */
const grainyWall = picture((x, y) => 120 + 3 * Math.sin(700 * x + 500 * y * y));

/** Offers pictures one after the other, and returns the selection. */
async function selectionOf(...photos: readonly (readonly [string, Label, Sharp])[]): Promise<Selection> {
  const selection = new Selection();
  for (const [index, [path, label, encoded]] of photos.entries()) {
    const bytes = encodedPhoto(await encoded.toBuffer());
    const facts = factsOf(bytes, await decodePhoto(bytes, 'squash'));
    selection.take({ path, name: path, label, profile: index }, JSON.parse(JSON.stringify(facts))); // as in the journal
  }
  return selection;
}

const png = (photo: Sharp) => photo.clone().png();
const jpeg = (photo: Sharp) => photo.clone().jpeg({ quality: 30 });
const small = (photo: Sharp) => photo.clone().resize(120).webp({ quality: 60 });

describe('photos of plain surfaces', () => {
  it.each([
    ['a wall', wall],
    ['a sky', sky],
    ['a grainy wall', grainyWall],
  ])('are duplicates if one is a copy: %s', async (_, photo) => {
    const { kept, leftOut } = await selectionOf(
      ['a.png', 'LIKE', png(photo)],
      ['b.jpg', 'LIKE', jpeg(photo)],
      ['c.webp', 'LIKE', small(photo)],
      ['again.png', 'LIKE', png(photo)],
    );
    expect(kept.map(({ path }) => path)).toEqual(['a.png']);
    expect(leftOut.map(({ path, reason }) => [path, reason])).toEqual([
      ['b.jpg', 'near_duplicate'],
      ['c.webp', 'near_duplicate'],
      ['again.png', 'same_bytes'],
    ]);
  });

  it('are kept if they differ', async () => {
    const photos = [wall, darkerWall, sky, otherSky, grainyWall];
    const { kept, nearAcrossLabels } = await selectionOf(
      ...photos.map((photo, index) => [`${index}.png`, index % 2 ? 'LIKE' : 'NOPE', png(photo)] as const),
      ['5.png', 'NOPE', png(darkerWall)],
    );
    expect(kept).toHaveLength(6);
    expect(nearAcrossLabels).toEqual([{ nope: 5, like: 1, bits: 0 }]);
  });
});
