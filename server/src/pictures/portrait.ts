import { readFile } from 'node:fs/promises';
import type { Picture } from '../image/develop.ts';
import { sharp } from '../image/sharp.ts';

/** The number of portraits, from 0. */
export const PORTRAITS = 100;

/** Returns a portrait of a person who doesn't exist, 400×500 pixels (see portraits/README.md). */
export async function portrait(number: number): Promise<Picture> {
  const file = await readFile(new URL(`portraits/${String(number).padStart(3, '0')}.webp`, import.meta.url));
  const { data, info } = await sharp(file).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, pixels: data };
}
