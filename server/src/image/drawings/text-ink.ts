import { sharp } from '../sharp.ts';

/** Where a line of text has ink: `[height, width]` in rows, from 0 (paper) to 255 (ink). */
export interface TextInk {
  readonly width: number;
  readonly height: number;
  readonly ink: Uint8Array;
}

/** Draws one line of text in the system's sans-serif font. `size` is in pixels. */
export async function textInk(text: string, size: number): Promise<TextInk> {
  const { data: ink, info } = await sharp({ text: { text: escaped(text), font: `sans-serif ${size}`, dpi: 72 } })
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, ink };
}

/** Escapes what Pango, which draws the text, would take for markup. */
const escaped = (text: string) => text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
