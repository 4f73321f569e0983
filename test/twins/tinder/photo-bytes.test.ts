import sharp from 'sharp';
import { expect, it } from 'vitest';
import { PhotoBytes } from './photo-bytes.ts';
import { readPhotoMark } from './photo-mark.ts';

const mark = { profile: 'abc', photo: 'def', like: 0.1234, width: 640 };

it.each(['tiny', 'drawn'] as const)('makes %s JPEGs that can be decoded and tell what they are', async (look) => {
  const bytes = await (await PhotoBytes.create(look)).of(mark);
  expect(readPhotoMark(bytes)).toEqual(mark);
  const { format, width } = await sharp(bytes).metadata();
  expect({ format, width }).toEqual({ format: 'jpeg', width: look === 'tiny' ? 64 : 640 });
  await sharp(bytes).raw().toBuffer();
});

it('makes other bytes of every photo and every size', async () => {
  const photos = await PhotoBytes.create('tiny');
  const all = await Promise.all(
    [mark, { ...mark, photo: 'ghi' }, { ...mark, width: 320 }].map((one) => photos.of(one)),
  );
  expect(new Set(all.map((bytes) => Buffer.from(bytes).toString('base64'))).size).toBe(3);
});

it('finds no mark in bytes that carry none', async () => {
  const create = { width: 8, height: 8, channels: 3, background: 'red' } as const;
  expect(readPhotoMark(await sharp({ create }).jpeg().toBuffer())).toBeUndefined();
  expect(readPhotoMark(await sharp({ create }).png().toBuffer())).toBeUndefined();
  expect(readPhotoMark(new Uint8Array())).toBeUndefined();
});
