import sharp, { type Sharp } from 'sharp';

/** Not square, so that a wrong orientation shows. */
export const SIZE = { width: 96, height: 64 } as const;

/** Pixels of smooth colors, and of every degree of transparency: `[height, width, 4]`. */
export function basePixels({ width, height } = SIZE as { width: number; height: number }): Buffer {
  const pixels = Buffer.alloc(width * height * 4);
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, at += 4) {
      const [u, v] = [x / width, y / height];
      pixels[at] = 255 * u;
      pixels[at + 1] = 255 * v;
      pixels[at + 2] = 127 + 127 * Math.sin(3 * u + 5 * v * v);
      pixels[at + 3] = 255 * Math.min(1, Math.hypot(u - 0.3, v - 0.6) * 1.5);
    }
  }
  return pixels;
}

/** The picture that all photos show, with or without transparency. */
export function basePicture(alpha = false, size: { width: number; height: number } = SIZE): Sharp {
  const picture = sharp(basePixels(size), { raw: { ...size, channels: 4 } });
  return alpha ? picture : picture.removeAlpha();
}
