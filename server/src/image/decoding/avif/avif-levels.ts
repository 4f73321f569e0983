import { type ColorSpace, codedSpace, isSrgb, srgbToLight } from '../color/color-space.ts';
import { boxesIn, contentOf, fourLetters, uint } from './boxes.ts';
import { bitDepthOf } from './first-frame.ts';
import { stillItems } from './items.ts';
import { colorConfigOf } from './sequence-header.ts';

/** What the levels of an AVIF mean, where libvips doesn't apply it. */
export interface AvifLevels {
  /** True for more than 8 bits per channel. */
  readonly deep: boolean;
  /** True for a monochrome picture whose levels are from 16 to 235 of 255. libheif expands only those of colors. */
  readonly limitedGray: boolean;
  /** True if an ICC profile says what colors mean. libvips applies it. */
  readonly hasProfile: boolean;
  /** A color space other than sRGB, if there is no ICC profile. */
  readonly space: ColorSpace | undefined;
}

const USUAL: AvifLevels = { deep: false, limitedGray: false, hasProfile: false, space: undefined };

/** Reads what the levels of an AVIF still mean. A file that can't be read has the usual ones: libheif then refuses it. */
export function avifLevels(file: Uint8Array): AvifLevels {
  try {
    const picture = stillItems(file)?.picture;
    if (!picture) return USUAL;
    const boxes = picture.properties.flatMap((property) => boxesIn(property));
    const config = contentOf(boxes, 'av1C');
    if (!config) return USUAL;
    const colors = boxes.filter(({ type }) => type === 'colr').map(({ content }) => content);
    const coded = colors.find((color) => fourLetters(color, 0) === 'nclx');
    const hasProfile = colors.some((color) => ['prof', 'rICC'].includes(fourLetters(color, 0)));
    const fullRange = coded ? (coded[10]! & 0x80) !== 0 : colorConfigOf(picture.stream)?.fullRange;
    const monochrome = (config[2]! & 0x10) !== 0;
    return {
      deep: bitDepthOf(config) > 8,
      limitedGray: monochrome && fullRange === false,
      hasProfile,
      space: coded && !hasProfile ? spaceOf(uint(coded, 4, 2), uint(coded, 6, 2)) : undefined,
    };
  } catch (error) {
    if (error instanceof RangeError) return USUAL;
    throw error;
  }
}

/** For AVIF, Chromium takes the transfer functions of video for that of sRGB. 2 stands for "not specified". */
function spaceOf(primaries: number, transfer: number): ColorSpace | undefined {
  const space = codedSpace(primaries === 2 ? 1 : primaries, transfer === 2 ? 13 : transfer, srgbToLight);
  return space && isSrgb(space) ? undefined : space;
}
