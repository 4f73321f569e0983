import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Label } from '@swipenet/shared/confidence.ts';
import { seededRandom } from '@swipenet/shared/random.ts';
import sharp from 'sharp';

/** The number of patches in each row and column of a patchwork. A perceptual hash has as many cells. */
const PATCHES = 9;

/**
 * Draws a PNG of random gray patches. Different seeds give photos that don't look alike. LIKE photos are bright and
 * NOPE photos are dark, so that a network learns to separate them in a few steps.
 */
export async function patchwork(seed: number, label: Label, side = 96): Promise<Buffer> {
  const random = seededRandom(seed);
  const base = label === 'LIKE' ? 120 : 20;
  const levels = Uint8Array.from({ length: PATCHES ** 2 }, () => base + Math.floor(random() * 100));
  return await sharp(levels, { raw: { width: PATCHES, height: PATCHES, channels: 1 } })
    .resize(side, side, { kernel: 'nearest' })
    .png({ compressionLevel: 1 })
    .toBuffer();
}

/**
 * Writes these numbers of different photos to the folders `like` and `nope`: `perProfile` photos per subfolder, or all
 * of them loose if it is 0. A fraction is an average: with 1.25, every fourth profile has two photos and the others one.
 */
export async function writeLabeledPhotos(root: string, counts: Record<Label, number>, perProfile = 0): Promise<void> {
  let seed = 0;
  for (const label of ['LIKE', 'NOPE'] as const) {
    for (let index = 0; index < counts[label]; index += 1, seed += 1) {
      const profile = perProfile > 0 ? `profile-${Math.floor(index / perProfile)}` : '.';
      const folder = join(root, label.toLowerCase(), profile);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `${index}.png`), await patchwork(seed, label));
    }
  }
}
