import { basePicture } from './base-picture.ts';
import { iccProfile } from './icc-profile.ts';
import type { Photos } from './png-photos.ts';

/** Inserts bytes before the first marker of this kind. */
function beforeMarker(jpeg: Buffer, marker: number, bytes: Uint8Array): Buffer {
  const at = jpeg.indexOf(Uint8Array.of(0xff, marker));
  return Buffer.concat([jpeg.subarray(0, at), bytes, jpeg.subarray(at)]);
}

/** Changes the end of the first scan header, which says what coefficients follow. */
export function withScanEnd(jpeg: Buffer, end: readonly [number, number, number]): Buffer {
  const changed = Buffer.from(jpeg);
  const at = changed.indexOf(Uint8Array.of(0xff, 0xda));
  changed.set(end, at + 2 + changed.readUInt16BE(at + 2) - 3);
  return changed;
}

function withIcc(jpeg: Buffer, profile: Buffer): Buffer {
  const data = Buffer.concat([Buffer.from('ICC_PROFILE\0\x01\x01'), profile]);
  const head = Buffer.of(0xff, 0xe2, (data.length + 2) >> 8, (data.length + 2) & 255);
  return Buffer.concat([jpeg.subarray(0, 2), head, data, jpeg.subarray(2)]);
}

const STRAY = Uint8Array.from({ length: 18 }, (_, index) => 7 * index);

/** JPEGs whose pixels are complete and that make libjpeg warn. */
export function warningJpegs(jpeg: Buffer): Photos {
  return {
    'a scan that ends at coefficient 0': withScanEnd(jpeg, [0, 0, 0]),
    'a scan with bit positions': withScanEnd(jpeg, [0, 63, 0x11]),
    'stray bytes before the tables': beforeMarker(jpeg, 0xc4, STRAY.subarray(0, 5)),
    'stray bytes before the frame': beforeMarker(jpeg, jpeg.includes(Uint8Array.of(0xff, 0xc2)) ? 0xc2 : 0xc0, STRAY),
    'stray bytes before the scan': beforeMarker(jpeg, 0xda, STRAY),
    'stray bytes before the end': Buffer.concat([jpeg.subarray(0, -2), STRAY, jpeg.subarray(-2)]),
    'bytes after the end': Buffer.concat([jpeg, STRAY]),
    'an unknown version of JFIF': Buffer.concat([
      jpeg.subarray(0, 2),
      Buffer.from('ffe000104a46494600020100000100010000', 'hex'),
      jpeg.subarray(jpeg[3] === 0xe0 ? 20 : 2),
    ]),
  };
}

export async function jpegPhotos(): Promise<Photos> {
  const save = (space: 'srgb' | 'b-w' | 'cmyk', options = {}, size = { width: 96, height: 64 }) =>
    basePicture(false, size)
      .toColourspace(space)
      .jpeg({ quality: 95, ...options })
      .toBuffer();
  const [colors, gray] = [await save('srgb'), await save('b-w')];
  const progressive = await save('srgb', { progressive: true });
  const photos: Photos = {
    colors,
    gray,
    'colors of full resolution': await save('srgb', { chromaSubsampling: '4:4:4' }),
    progressive,
    'progressive gray': await save('b-w', { progressive: true }),
    inks: await save('cmyk'),
    'progressive inks': await save('cmyk', { progressive: true }),
    large: await save('srgb', {}, { width: 1000, height: 750 }),
    'colors, ICC for colors': withIcc(colors, iccProfile('RGB ', 1.4)),
    'colors, ICC for gray': withIcc(colors, iccProfile('GRAY', 1.4)),
    'gray, ICC for colors': withIcc(gray, iccProfile('RGB ', 1.4)),
    'gray, ICC for gray': withIcc(gray, iccProfile('GRAY', 1.4)),
    'colors, broken ICC': withIcc(colors, Buffer.from('nothing')),
  };
  for (const [name, photo] of Object.entries(warningJpegs(colors))) photos[`colors, ${name}`] = photo;
  return photos;
}
