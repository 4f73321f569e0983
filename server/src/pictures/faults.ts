import { between, type Random, seededRandom } from '@swipenet/shared/random.ts';
import sharp, { type Sharp } from 'sharp';
import type { Picture } from '../image/develop.ts';

/** What spoils a picture; `strength` is from 0, just visible, to 1, hopeless. */
export type Fault = (picture: Picture, strength: number, random: Random) => Picture | Promise<Picture>;

const open = ({ width, height, pixels }: Picture) => sharp(pixels, { raw: { width, height, channels: 3 } });

async function taken(image: Sharp): Promise<Picture> {
  const { data, info } = await image.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, pixels: data };
}

/** Each level through a table of 256. */
function relevelled({ width, height, pixels }: Picture, levelOf: (level: number) => number): Picture {
  const table = Uint8Array.from({ length: 256 }, (_, level) => Math.round(Math.min(255, Math.max(0, levelOf(level)))));
  return { width, height, pixels: pixels.map((level) => table[level]!) };
}

const mixed = (low: number, high: number, strength: number) => low + (high - low) * strength;

/** The lens was not focused. */
const blurred: Fault = (picture, strength) => taken(open(picture).blur(mixed(2, 9, strength)));

/** The camera moved while the shutter was open: every pixel is the mean of a run of its row. */
const shaken: Fault = ({ width, height, pixels }, strength) => {
  const reach = Math.round(mixed(4, 26, strength));
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
const dark: Fault = (picture, strength) => relevelled(picture, (level) => level * mixed(0.45, 0.1, strength));

/** Too much light. */
const bright: Fault = (picture, strength) => relevelled(picture, (level) => level * mixed(1.6, 2.8, strength) + 30);

/** No contrast, as through a dirty window. */
const flat: Fault = (picture, strength) =>
  relevelled(picture, (level) => 128 + (level - 128) * mixed(0.5, 0.14, strength));

/** The noise of a small sensor at night: colour and brightness of every pixel are off. */
const noisy: Fault = ({ width, height, pixels }, strength, random) => {
  const spread = mixed(24, 80, strength);
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

/** Saved too often and too small: nothing but JPEG's blocks, large enough to be seen at the network's input. */
const crushed: Fault = async (picture, strength) => {
  const quality = Math.round(mixed(10, 2, strength));
  const small = await taken(open(picture).resize(Math.round(picture.width / 2), Math.round(picture.height / 2)));
  const saved = await taken(sharp(await open(small).jpeg({ quality }).toBuffer()));
  return taken(open(saved).resize(picture.width, picture.height, { fit: 'fill' }));
};

/** A thumbnail, blown up. */
const coarse: Fault = async (picture, strength) => {
  const width = Math.round(mixed(160, 36, strength));
  const small = await taken(open(picture).resize({ width }));
  return taken(open(small).resize(picture.width, picture.height, { kernel: 'cubic', fit: 'fill' }));
};

/** The camera was not held level. */
const tilted: Fault = async (picture, strength, random) => {
  const angle = mixed(12, 32, strength) * Math.sign(between(random, -1, 1));
  const turn = (Math.abs(angle) * Math.PI) / 180;
  // So much larger is the smallest picture of these proportions that still covers the frame after the turn.
  const grow =
    Math.cos(turn) +
    (Math.max(picture.width, picture.height) / Math.min(picture.width, picture.height)) * Math.sin(turn);
  const width = Math.ceil(picture.width * grow);
  const height = Math.ceil(picture.height * grow);
  const turned = await taken(open(await taken(open(picture).resize(width, height))).rotate(angle));
  const left = Math.floor((turned.width - picture.width) / 2);
  const top = Math.floor((turned.height - picture.height) / 2);
  return taken(open(turned).extract({ left, top, width: picture.width, height: picture.height }));
};

/** Every fault by its name. */
export const FAULTS = { blurred, shaken, dark, bright, flat, noisy, crushed, coarse, tilted } as const satisfies Record<
  string,
  Fault
>;

/** The name of a fault. */
export type FaultName = keyof typeof FAULTS;

/** A fault and how strong it is, from 0 (just visible) to 1 (hopeless). */
export interface PlannedFault {
  readonly name: FaultName;
  readonly strength: number;
}
