import { expect, it } from 'vitest';
import { cropBatch, encodedPhoto, grayLevels, photoCrop } from './photo-bytes.ts';
import { centerCrop, preprocessPhoto } from './preprocess.ts';

it('refuses a wrong number of gray levels', () => {
  expect(() => grayLevels(new Uint8Array(224 * 224))).toThrow('expected 65536 gray levels, got 50176');
  expect(() => photoCrop(new Uint8Array(1))).toThrow(RangeError);
});

it('lets the compiler distinguish encoded photos, decoded photos and crops', () => {
  // @ts-expect-error: a crop is not a decoded photo
  expect(centerCrop(photoCrop())).toHaveLength(224 * 224);
  // @ts-expect-error: an encoded photo has to be decoded first
  expect(() => cropBatch([encodedPhoto(new Uint8Array(60_000))])).toThrow(RangeError);
  // @ts-expect-error: a decoded photo can't be decoded again
  void preprocessPhoto(grayLevels(), 'cover').catch(() => {});
});

it('concatenates the crops of a batch', () => {
  const batch = cropBatch([1, 2].map((level) => photoCrop(new Uint8Array(224 * 224).fill(level))));
  expect(batch).toHaveLength(2 * 224 * 224);
  expect([batch[0], batch[224 * 224 - 1], batch[224 * 224], batch.at(-1)]).toEqual([1, 1, 2, 2]);
});
