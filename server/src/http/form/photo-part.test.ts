import { preparedType } from '@swipenet/shared/prepared-photo.ts';
import { describe, expect, it } from 'vitest';
import { maxBytesOf, readPhotoPart } from './photo-part.ts';

const GRAY = 'application/x-swipenet-gray';

describe('the content type of a photo', () => {
  it.each(['', 'image/jpeg', 'application/octet-stream', 'image/webp; v=1', `${GRAY}2; v=1; resize=cover`, 'a"b;;'])(
    '%j says nothing about it',
    (type) => {
      expect(readPhotoPart(type, 0)).toBeUndefined();
      expect(maxBytesOf(undefined)).toBe(10_000_000);
    },
  );

  it.each([
    { resize: 'cover', gzip: false },
    { resize: 'squash', gzip: true },
  ] as const)('says that it was prepared as %j', (preparation) => {
    const type = preparedType(preparation);
    for (const written of [type, type.replaceAll(';', '; '), type.replace(GRAY, GRAY.toUpperCase())]) {
      expect(readPhotoPart(written, 0)).toEqual(preparation);
    }
    expect(maxBytesOf(preparation)).toBe(65_536);
  });

  it.each([
    ['resize=cover', 'its version v is missing, and this server accepts 1'],
    ['v=2; resize=cover', 'its version v is "2", and this server accepts 1'],
    ['v=01; resize=cover', 'its version v is "01", and this server accepts 1'],
    ['v=1', 'resize is missing and not cover or squash'],
    ['v=1; resize=fill', 'resize is "fill" and not cover or squash'],
    ['v=1; resize=cover; encoding=br', 'encoding is "br" and not gzip'],
    ['v=1; resize=cover; width=9', 'it has a parameter "width"'],
    [`v=${'9'.repeat(1000)}`, `its version v is "${'9'.repeat(40)}", and this server accepts 1`],
  ])('with %s is refused', (parameters, what) => {
    const message = `photo 3 was prepared in an unknown way: ${what}`;
    expect(() => readPhotoPart(`${GRAY}; ${parameters}`, 3)).toThrow(
      expect.objectContaining({ code: 'preparation_unknown', message }),
    );
  });
});
