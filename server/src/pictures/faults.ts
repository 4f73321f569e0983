import { between, type Random, seededRandom } from '@swipenet/shared/random.ts';
import type { Picture } from '../image/develop.ts';
import { type Sharp, sharp } from '../image/sharp.ts';

/** Degrades a picture. `strength` goes from 0 (just visible) to 1 (hopeless). */
export type Fault = (picture: Picture, strength: number, random: Random) => Picture | Promise<Picture>;

const open = ({ width, height, pixels }: Picture) => sharp(pixels, { raw: { width, height, channels: 3 } });

async function toPicture(image: Sharp): Promise<Picture> {
  const { data, info } = await image.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, pixels: data };
}

/** Maps every level with a table of 256 entries. */
function mapLevels({ width, height, pixels }: Picture, levelOf: (level: number) => number): Picture {
  const table = Uint8Array.from({ length: 256 }, (_, level) => Math.round(Math.min(255, Math.max(0, levelOf(level)))));
  return { width, height, pixels: pixels.map((level) => table[level]!) };
}

const atStrength = (low: number, high: number, strength: number) => low + (high - low) * strength;

/** The lens was not focused. */
const blurred: Fault = (picture, strength) => toPicture(open(picture).blur(atStrength(2, 9, strength)));

/** The camera moved while the shutter was open: every pixel is the mean of a run of its row. */
const shaken: Fault = ({ width, height, pixels }, strength) => {
  const reach = Math.round(atStrength(4, 26, strength));
  const moved = new Uint8Array(pixels.length);
  for (let y = 0; y < height; y += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      const at = (x: number) => (y * width + Math.min(width - 1, Math.max(0, x))) * 3 + channel;
      let sum = 0;
      for (let x = -reach; x <= reach; x += 1) sum += pixels[at(x)]!;
      for (let x = 0; x < width; x += 1) {
        moved[at(x)] = sum / (2 * reach + 1);
        sum += pixels[at(x + reach + 1)]! - pixels[at(x - reach)]!;
      }
    }
  }
  return { width, height, pixels: moved };
};

/** Too little light. */
const dark: Fault = (picture, strength) => mapLevels(picture, (level) => level * atStrength(0.45, 0.1, strength));

/** Too much light. */
const bright: Fault = (picture, strength) => mapLevels(picture, (level) => level * atStrength(1.6, 2.8, strength) + 30);

/** Little contrast, as if seen through a dirty window. */
const flat: Fault = (picture, strength) =>
  mapLevels(picture, (level) => 128 + (level - 128) * atStrength(0.5, 0.14, strength));

/** The noise of a small sensor at night, which shifts the color and brightness of every pixel. */
const noisy: Fault = ({ width, height, pixels }, strength, random) => {
  const spread = atStrength(24, 80, strength);
  const own = seededRandom(Math.floor(random() * 2 ** 32));
  const table = Int16Array.from({ length: 16_381 }, () => (own() + own() + own() - 1.5) * 2 * spread);
  let at = Math.floor(random() * table.length);
  const grained = new Uint8ClampedArray(pixels.length);
  for (let index = 0; index < pixels.length; index += 1) {
    at += 1;
    if (at === table.length) at = Math.floor(own() * 1000);
    grained[index] = pixels[index]! + table[at]!;
  }
  return { width, height, pixels: new Uint8Array(grained.buffer) };
};

/** Compressed too hard. Only JPEG's blocks are left, large enough to be visible at the network's input. */
const crushed: Fault = async (picture, strength) => {
  const quality = Math.round(atStrength(10, 2, strength));
  const small = await toPicture(open(picture).resize(Math.round(picture.width / 2), Math.round(picture.height / 2)));
  const saved = await toPicture(sharp(await open(small).jpeg({ quality }).toBuffer()));
  return toPicture(open(saved).resize(picture.width, picture.height, { fit: 'fill' }));
};

/** An enlarged thumbnail. */
const coarse: Fault = async (picture, strength) => {
  const width = Math.round(atStrength(160, 36, strength));
  const small = await toPicture(open(picture).resize({ width }));
  return toPicture(open(small).resize(picture.width, picture.height, { kernel: 'cubic', fit: 'fill' }));
};

/** The camera was not held level. */
const tilted: Fault = async (picture, strength, random) => {
  const angle = atStrength(12, 32, strength) * Math.sign(between(random, -1, 1));
  const turn = (Math.abs(angle) * Math.PI) / 180;
  // How much larger the picture must be to still cover the frame after the rotation.
  const grow =
    Math.cos(turn) +
    (Math.max(picture.width, picture.height) / Math.min(picture.width, picture.height)) * Math.sin(turn);
  const width = Math.ceil(picture.width * grow);
  const height = Math.ceil(picture.height * grow);
  const turned = await toPicture(open(await toPicture(open(picture).resize(width, height))).rotate(angle));
  const left = Math.floor((turned.width - picture.width) / 2);
  const top = Math.floor((turned.height - picture.height) / 2);
  return toPicture(open(turned).extract({ left, top, width: picture.width, height: picture.height }));
};

/** The faults by name. */
export const FAULTS = { blurred, shaken, dark, bright, flat, noisy, crushed, coarse, tilted } as const satisfies Record<
  string,
  Fault
>;

export type FaultName = keyof typeof FAULTS;

/** A fault and its strength, from 0 (just visible) to 1 (hopeless). */
export interface PlannedFault {
  readonly name: FaultName;
  readonly strength: number;
}
