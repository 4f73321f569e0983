import { expect, it } from 'vitest';
import { cropBatch, encodedPhoto, grayLevels, photoCrop } from './photo-bytes.ts';
import { centreCrop, preprocessPhoto } from './preprocess.ts';

it('refuses levels of another size than their kind has', () => {
  expect(() => grayLevels(new Uint8Array(224 * 224))).toThrow('50176 gray levels where 65536 are expected');
  expect(() => photoCrop(new Uint8Array(1))).toThrow(RangeError);
});

it('lets the compiler tell an encoded photo, a decoded one and a crop apart', () => {
  // @ts-expect-error: a crop is not a decoded photo
  expect(centreCrop(photoCrop())).toHaveLength(224 * 224);
  // @ts-expect-error: an encoded photo has to be decoded first
  expect(() => cropBatch([encodedPhoto(new Uint8Array(60_000))])).toThrow(RangeError);
  // @ts-expect-error: a decoded photo cannot be decoded again
  void preprocessPhoto(grayLevels(), 'cover').catch(() => {});
});

it('puts the crops of a batch one after the other', () => {
  const batch = cropBatch([1, 2].map((level) => photoCrop(new Uint8Array(224 * 224).fill(level))));
  expect(batch).toHaveLength(2 * 224 * 224);
  expect([batch[0], batch[224 * 224 - 1], batch[224 * 224], batch.at(-1)]).toEqual([1, 1, 2, 2]);
});
