import { describe, expect, it } from 'vitest';
import { formulaPhoto } from '../../../../../test/support/photos.ts';
import { hasAllScans } from './all-scans.ts';

const SCAN = Uint8Array.of(0xff, 0xda);
const END = Uint8Array.of(0xff, 0xd9);

describe('the scans of a JPEG', () => {
  it('are all there in a photo as sharp saves it', async () => {
    const photo = formulaPhoto(160, 120);
    for (const options of [{}, { progressive: true }, { mozjpeg: true }, { chromaSubsampling: '4:4:4' }]) {
      expect(hasAllScans(await photo.clone().jpeg(options).toBuffer())).toBe(true);
      expect(hasAllScans(await photo.clone().toColourspace('b-w').jpeg(options).toBuffer())).toBe(true);
      expect(hasAllScans(await photo.clone().toColourspace('cmyk').jpeg(options).toBuffer())).toBe(true);
    }
  });

  it('are too few wherever a progressive photo is cut between them and ended', async () => {
    const jpeg = await formulaPhoto(160, 120).jpeg({ progressive: true }).toBuffer();
    const cuts: number[] = [];
    for (let at = jpeg.indexOf(SCAN); at >= 0; at = jpeg.indexOf(SCAN, at + 2)) cuts.push(at);
    expect(cuts.length).toBeGreaterThan(5);
    for (const cut of cuts) expect(hasAllScans(Buffer.concat([jpeg.subarray(0, cut), END]))).toBe(false);
  });

  it('are the decoder’s business if there is no frame', () => {
    expect(hasAllScans(Uint8Array.of(0xff, 0xd8, ...END))).toBe(true);
  });
});
