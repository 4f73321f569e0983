import { DECODED_SIZE } from '@swipenet/shared/photo.ts';
import sharp from 'sharp';
import type { GrayLevels } from './photo-bytes.ts';

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
const PAPER = 245;

/** Draws a contact sheet as a gray PNG: sections from top to bottom, ten photos per row, each at half its size. */
export async function contactSheet(sections: readonly SheetSection[]): Promise<Uint8Array> {
  const heights = sections.map(({ photos }) => HEADING + Math.ceil(photos.length / COLUMNS) * STEP);
  const height = heights.reduce((sum, one) => sum + one, GAP);
  const sheet = new Uint8Array(WIDTH * height).fill(PAPER);
  const texts: string[] = [];
  let top = 0;
  for (const [index, { heading, photos }] of sections.entries()) {
    texts.push(`<text x="${GAP * 2}" y="${top + HEADING - 11}">${escaped(heading)}</text>`);
    for (const [place, photo] of photos.entries()) {
      const left = GAP + (place % COLUMNS) * STEP;
      putHalf(sheet, photo, left, top + HEADING + Math.floor(place / COLUMNS) * STEP);
    }
    top += heights[index]!;
  }
  const font = 'font-family="sans-serif" font-size="18" fill="#222"';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" ${font}>${texts.join('')}</svg>`;
  return await sharp(sheet, { raw: { width: WIDTH, height, channels: 1 } })
    .composite([{ input: Buffer.from(svg) }])
    .toColourspace('b-w')
    .png()
    .toBuffer();
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

const escaped = (text: string) => text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
