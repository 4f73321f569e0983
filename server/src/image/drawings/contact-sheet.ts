import { DECODED_SIZE } from '@swipenet/shared/photo.ts';
import type { GrayLevels } from '../photo-bytes.ts';
import { sharp } from '../sharp.ts';
import { textInk } from './text-ink.ts';

/** Photos under a common heading. */
export interface SheetSection {
  readonly heading: string;
  readonly photos: readonly GrayLevels[];
}

const COLUMNS = 10;
const TILE = DECODED_SIZE / 2;
const GAP = 4;
const STEP = TILE + GAP;
const HEADING = 36;
const WIDTH = COLUMNS * STEP + GAP;
const LEFT = GAP * 2;
const PAPER = 245;
const INK = 34;

/** Draws a contact sheet as a gray PNG: sections from top to bottom, ten photos per row, each at half its size. */
export async function contactSheet(sections: readonly SheetSection[]): Promise<Uint8Array> {
  const heights = sections.map(({ photos }) => HEADING + Math.ceil(photos.length / COLUMNS) * STEP);
  const height = heights.reduce((sum, one) => sum + one, GAP);
  const sheet = new Uint8Array(WIDTH * height).fill(PAPER);
  let top = 0;
  for (const [index, { heading, photos }] of sections.entries()) {
    await writeHeading(sheet, heading, top);
    for (const [place, photo] of photos.entries()) {
      const left = GAP + (place % COLUMNS) * STEP;
      putHalf(sheet, photo, left, top + HEADING + Math.floor(place / COLUMNS) * STEP);
    }
    top += heights[index]!;
  }
  return await sharp(sheet, { raw: { width: WIDTH, height, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
}

/** Writes one line of text, as much of it as fits, into the band that begins at row `top`. */
async function writeHeading(sheet: Uint8Array, heading: string, top: number): Promise<void> {
  const { ink, ...size } = await textInk(heading, 18);
  const first = top + Math.max(0, (HEADING - size.height) >> 1);
  const width = Math.min(size.width, WIDTH - LEFT);
  for (let y = 0; y < Math.min(size.height, HEADING); y += 1) {
    for (let x = 0; x < width; x += 1) {
      const share = ink[y * size.width + x]! / 255;
      sheet[(first + y) * WIDTH + LEFT + x] = PAPER + (INK - PAPER) * share;
    }
  }
}

/** Averages 2 × 2 pixels into each pixel of the tile. */
function putHalf(sheet: Uint8Array, photo: GrayLevels, left: number, top: number): void {
  for (let y = 0; y < TILE; y += 1) {
    for (let x = 0; x < TILE; x += 1) {
      const at = 2 * y * DECODED_SIZE + 2 * x;
      const four = photo[at]! + photo[at + 1]! + photo[at + DECODED_SIZE]! + photo[at + DECODED_SIZE + 1]!;
      sheet[(top + y) * WIDTH + left + x] = (four + 2) >> 2;
    }
  }
}
