import { type EvidenceMap, heatColor, heatPixels, seenArea, signedLogit } from '@swipenet/shared/heat-map.ts';
import { EVIDENCE_SIDE, type ResizeMode } from '@swipenet/shared/photo.ts';
import { decodeColor } from '../color-picture.ts';
import type { Picture } from '../develop.ts';
import type { EncodedPhoto } from '../photo-bytes.ts';
import { sharp } from '../sharp.ts';
import { textInk } from './text-ink.ts';

/** A longer short side is reduced to this many pixels. */
const MAX_SHORT_SIDE = 640;

/** How much of the photo the map covers. */
const OPACITY = 0.6;

/** The legend below the photo, in pixels. A narrower picture gets white margins, so that the legend fits. */
const LEGEND = { height: 32, leastWidth: 300, gap: 8, text: 14, bar: 12 } as const;

const WHITE = 255;
const INK = 34;

/** A photo's evidence, and what it takes to draw it. */
export interface Heat {
  readonly evidence: EvidenceMap;
  /** The evidence that gets the strongest color, in logits. */
  readonly scale: number;
  /** How the model's photos are made square. */
  readonly resize: ResizeMode;
}

/**
 * Draws a photo's heat map as a PNG: the photo, the map over what the network sees of it, and a legend below.
 *
 * @returns undefined if the photo can't be decoded in color.
 */
export async function heatMapPicture(photo: EncodedPhoto, heat: Heat): Promise<Uint8Array | undefined> {
  const background = { r: WHITE, g: WHITE, b: WHITE };
  const picture = await decodeColor(photo, { maxShortSide: MAX_SHORT_SIDE, background });
  return picture && (await drawHeatMap(picture, heat));
}

/** Draws a heat map over a picture, with its legend, as a PNG. */
export async function drawHeatMap(picture: Picture, heat: Heat): Promise<Uint8Array> {
  const { width, height, pixels } = picture;
  const map = await enlargedMap(picture, heat);
  const legend = await drawLegend(Math.max(width, LEGEND.leastWidth), heat.scale);
  const margin = (legend.width - width) >> 1;
  const raw = (size: Picture) => ({ raw: { width: size.width, height: size.height, channels: 3 as const } });
  return await sharp({
    create: { width: legend.width, height: height + LEGEND.height, channels: 3, background: '#fff' },
  })
    .composite([
      { input: Buffer.from(pixels), ...raw(picture), left: margin, top: 0 },
      { ...map.layer, left: margin + map.left, top: map.top },
      { input: Buffer.from(legend.pixels), ...raw(legend), left: 0, top: height },
    ])
    .png()
    .toBuffer();
}

/** Returns the map as large as what the network sees of a picture, between its cells as browsers draw it. */
async function enlargedMap(picture: Picture, { evidence, scale, resize }: Heat) {
  const area = seenArea(picture.width, picture.height, resize);
  const [left, top] = [Math.round(area.x), Math.round(area.y)];
  const width = Math.max(1, Math.round(area.x + area.width) - left);
  const height = Math.max(1, Math.round(area.y + area.height) - top);
  const cells = heatPixels(evidence, scale);
  for (let at = 3; at < cells.length; at += 4) cells[at] = Math.round(255 * OPACITY);
  const input = await sharp(cells, { raw: { width: EVIDENCE_SIDE, height: EVIDENCE_SIDE, channels: 4 } })
    .resize(width, height, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
  return { left, top, layer: { input, raw: { width, height, channels: 4 as const } } };
}

/** Draws the legend: the scale's colors from NOPE to LIKE, between the two values that get the strongest ones. */
async function drawLegend(width: number, scale: number): Promise<Picture> {
  const pixels = new Uint8Array(width * LEGEND.height * 3).fill(WHITE);
  const nope = await textInk(`NOPE ${signedLogit(-scale)}`, LEGEND.text);
  const like = await textInk(`${signedLogit(scale)} LIKE`, LEGEND.text);
  for (const [text, left] of [
    [nope, LEGEND.gap],
    [like, width - LEGEND.gap - like.width],
  ] as const) {
    const top = (LEGEND.height - text.height) >> 1;
    for (const [at, ink] of text.ink.entries()) {
      const [x, y] = [left + (at % text.width), top + Math.floor(at / text.width)];
      const inside = x >= 0 && x < width && y >= 0 && y < LEGEND.height;
      if (inside) pixels.fill(WHITE + ((INK - WHITE) * ink) / 255, 3 * (y * width + x), 3 * (y * width + x + 1));
    }
  }
  const [begin, end] = [2 * LEGEND.gap + nope.width, width - 2 * LEGEND.gap - like.width];
  const first = (LEGEND.height - LEGEND.bar) >> 1;
  for (let x = begin; x < end; x += 1) {
    const color = heatColor((2 * (x - begin)) / (end - begin - 1) - 1);
    for (let y = first; y < first + LEGEND.bar; y += 1) pixels.set(color, 3 * (y * width + x));
  }
  return { width, height: LEGEND.height, pixels };
}
