import { type ResizeOptions, type Sharp, sharp } from '../sharp.ts';
import { avifLevels } from './avif/avif-levels.ts';
import { firstFrame } from './avif/first-frame.ts';
import { channelsOfProfile, iccProfile } from './color/icc-profile.ts';
import { expanded, inFrontOf, inksToRgb, type RawPixels, type Rgb } from './color/levels.ts';
import { hasAllScans } from './jpeg/all-scans.ts';
import { jpegSize } from './jpeg/jpeg-size.ts';
import { mendJpeg } from './jpeg/mend-jpeg.ts';
import { PHOTO_LIMITS } from './photo-limits.ts';
import type { PhotoType } from './photo-type.ts';
import { firstPngFrame } from './png/first-frame.ts';
import { pngColor, withMeaning } from './png/png-color.ts';

/** How to render a photo. */
export interface RenderOptions {
  readonly resize: ResizeOptions;
  /** Shows through where the photo is transparent. */
  readonly background: Rgb;
}

/** A photo as a browser shows it: opaque sRGB of 8 bits, `[height, width, channels]` with 1 or 3 channels. */
export interface RenderedPhoto extends RawPixels {
  readonly width: number;
  readonly height: number;
}

/** Where libvips stops: JPEGs at warnings too, because those are the only sign of missing pixels. */
type FailOn = 'warning' | 'error';

const open = (bytes: Uint8Array, failOn: FailOn, ignoreIcc = false) =>
  sharp(bytes, { limitInputPixels: PHOTO_LIMITS.maxPixels, failOn, ignoreIcc }).timeout({
    seconds: PHOTO_LIMITS.decodeTimeoutS,
  });

/**
 * Renders a photo as Chromium draws it into a canvas: oriented, in sRGB, in front of a background, the first frame of an
 * animation. `test/e2e/photos-as-shown.test.ts` compares the two. Serving and training both use this function.
 *
 * @throws Error of libvips if the photo is damaged or truncated. There is no half of a photo.
 */
export async function renderPhoto(bytes: Uint8Array, type: PhotoType, options: RenderOptions): Promise<RenderedPhoto> {
  switch (type) {
    case 'jpeg':
      return await renderJpeg(bytes, options);
    case 'png':
      return await renderPng(bytes, options);
    case 'webp': // browsers ignore the orientation in a WebP
      return await opaque(open(bytes, 'error').resize(options.resize), options);
    case 'avif':
      return await renderAvif(bytes, options);
  }
}

const shaped = (photo: Sharp, { resize }: RenderOptions) => photo.autoOrient().resize(resize);

/** libvips can't open an animated AVIF, only its first frame. @throws RangeError if that is cut off. */
export const openable = (bytes: Uint8Array, type: PhotoType): Uint8Array =>
  (type === 'avif' && firstFrame(bytes)) || bytes;

async function renderJpeg(bytes: Uint8Array, options: RenderOptions): Promise<RenderedPhoto> {
  try {
    return await renderSoundJpeg(bytes, options);
  } catch {
    return await renderSoundJpeg(mendJpeg(bytes), options).catch(async (error: Error) => {
      const stray = STRAY_BYTES.exec(error.message)?.[1];
      if (stray === undefined) throw error;
      return await renderSoundJpeg(mendJpeg(bytes, Number(stray)), options);
    });
  }
}

/** What libjpeg says if bytes stand between the pixels and the end. */
const STRAY_BYTES = /^VipsJpeg: Corrupt JPEG data: (\d+) extraneous bytes before marker 0xd9$/m;

async function renderSoundJpeg(bytes: Uint8Array, options: RenderOptions): Promise<RenderedPhoto> {
  if (!hasAllScans(bytes)) throw new Error('the JPEG has too few scans');
  const channels = jpegSize(bytes)?.channels;
  const photo = shaped(open(bytes, 'warning'), options);
  if (channels !== GRAY && channels !== INKS) return await raw(photo); // no JPEG is transparent
  const { icc } = await open(bytes, 'warning').metadata();
  if (channels === INKS && !icc) return await rgbOfInks(photo);
  if (channels === GRAY && icc && channelsOfProfile(icc) === 'RGB ') {
    return await throughProfile(shaped(open(bytes, 'warning', true), options), 'srgb', icc, options);
  }
  return await raw(photo);
}

const [GRAY, INKS] = [1, 4];

async function rgbOfInks(photo: Sharp): Promise<RenderedPhoto> {
  const inks = await raw(photo.pipelineColourspace('cmyk'), 'cmyk');
  return { ...inks, ...inksToRgb(inks.pixels) };
}

async function renderPng(bytes: Uint8Array, options: RenderOptions): Promise<RenderedPhoto> {
  const frame = firstPngFrame(bytes) ?? bytes;
  const { deep, gray, profile } = await pngColor(frame);
  const png = withMeaning(frame, profile);
  if (profile && gray) {
    const forGray = channelsOfProfile(profile) === 'GRAY';
    if (deep || !forGray) {
      return await throughProfile(
        shaped(open(png, 'error', true), options),
        forGray ? 'b-w' : 'srgb',
        profile,
        options,
      );
    }
  }
  const photo = shaped(open(png, 'error'), options);
  if (!deep || !profile) return await opaque(photo, options);
  const converted = await raw(inSrgb(photo));
  return { ...converted, ...inFrontOf(options.background, converted) };
}

async function renderAvif(bytes: Uint8Array, options: RenderOptions): Promise<RenderedPhoto> {
  const frame = firstFrame(bytes);
  const still = frame ?? bytes;
  const { deep, limitedGray, hasProfile, space } = avifLevels(still);
  const shapedStill = shaped(open(still, 'error'), options);
  const photo = await raw(deep && hasProfile ? inSrgb(shapedStill) : shapedStill);
  // Chromium 156 (2026-11) takes the opacity of stills for limited, whatever the file says.
  const full = { ...photo, ...expanded(photo, { color: limitedGray, opacity: frame === undefined }) };
  const profile = space && iccProfile(space, false);
  if (!profile) return { ...full, ...inFrontOf(options.background, full) };
  const { width, height, channels } = full;
  const small = sharp(full.pixels, { raw: { width, height, channels: channels as 1 | 2 | 3 | 4 } });
  return await throughProfile(small, 'srgb', profile, options);
}

/** sharp converts more than 8 bits with a profile to Display P3. An output profile makes it convert them further. */
const inSrgb = (photo: Sharp) => photo.withIccProfile('srgb');

/**
 * Applies a profile where libvips doesn't: to gray of 16 bits, one for colors to gray, one that the file hasn't. The
 * small photo is saved with the profile and opened again.
 */
async function throughProfile(
  small: Sharp,
  channels: 'b-w' | 'srgb',
  profile: Uint8Array,
  options: RenderOptions,
): Promise<RenderedPhoto> {
  const png = await small.toColourspace(channels).png({ compressionLevel: 0 }).toBuffer();
  return await opaque(open(withMeaning(png, profile), 'error'), options);
}

/** libvips puts a photo in front of the background before it resizes it. */
const opaque = (photo: Sharp, { background }: RenderOptions) => raw(photo.flatten({ background }));

async function raw(photo: Sharp, channels: 'srgb' | 'cmyk' = 'srgb'): Promise<RenderedPhoto> {
  const { data, info } = await photo
    .toColourspace(channels)
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: info.channels, pixels: data };
}
