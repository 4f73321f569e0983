import { gunzipSync } from 'node:zlib';
import { seededRandom } from '@swipenet/shared/random.ts';
import { describe, expect, it } from 'vitest';
import type { NotPrepared } from '../preparing/photo-preparer.ts';
import { packPhotos, resizeModeFor } from './pack-photos.ts';

const GRAY = Uint8Array.from({ length: 65_536 }, (_, at) => at >> 8);
const random = seededRandom(1);
const NOISE = Uint8Array.from({ length: 65_536 }, () => 256 * random());

const preparing = (gray: Uint8Array<ArrayBuffer> | NotPrepared) => ({ prepare: async () => gray });

describe('the resize mode to prepare photos in', () => {
  it.each([
    [{ version: 1, resize: 'cover' }, false, 'cover'],
    [{ version: 1, resize: 'squash' }, false, 'squash'],
    [{ version: 1, resize: 'cover' }, true, 'cover'],
    [{ version: 1, resize: 'squash' }, true, undefined], // what describes photos for learning needs cover
    [{ version: 1, resize: 'stretch' }, false, undefined],
    [{ version: 2, resize: 'cover' }, false, undefined],
    [undefined, false, undefined],
  ])('for a server that says %j (learning: %s) is %s', (preparedPhotos, learn, mode) => {
    expect(resizeModeFor({ preparedPhotos }, learn)).toBe(mode);
  });
});

describe('packing photos', () => {
  const pack = async (original: number, gray: Uint8Array<ArrayBuffer> | NotPrepared, smallest: boolean) => {
    const photos = [new Uint8Array(original)];
    const { packed, notPrepared } = await packPhotos(photos, { resize: 'cover', smallest }, preparing(gray));
    return { ...packed[0]!, isOriginal: packed[0]!.bytes === photos[0], notPrepared };
  };

  it('never compresses for a server on this machine', async () => {
    expect(await pack(100, GRAY, false)).toEqual({
      ...{ bytes: GRAY, type: 'application/x-swipenet-gray;v=1;resize=cover' },
      ...{ isOriginal: false, notPrepared: [] },
    });
  });

  it('sends the smallest of photo, gray levels and compressed gray levels to another server', async () => {
    const compressed = await pack(100_000, GRAY, true);
    expect(compressed.type).toBe('application/x-swipenet-gray;v=1;resize=cover;encoding=gzip');
    expect(compressed.bytes.length).toBeLessThan(1_000);
    expect(new Uint8Array(gunzipSync(compressed.bytes))).toEqual(GRAY);
    expect((await pack(100_000, NOISE, true)).type).toBe('application/x-swipenet-gray;v=1;resize=cover');
    expect(await pack(100, GRAY, true)).toMatchObject({ isOriginal: true, notPrepared: [] });
  });

  it('sends a photo that can’t be prepared as it is, and says why', async () => {
    const packed = await pack(100, 'not decodable', false);
    expect(packed).toMatchObject({ isOriginal: true, notPrepared: ['not decodable'] });
    expect(packed).not.toHaveProperty('type');
  });
});
