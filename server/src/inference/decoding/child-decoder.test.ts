import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { formulaPhoto, interlacedPng } from '../../../../test/support/photos.ts';
import { systemClock } from '../../clock.ts';
import { decodePhoto } from '../../image/decoding/decode.ts';
import { encodedPhoto } from '../../image/photo-bytes.ts';
import { ChildDecoder, type DecodeLimits } from './child-decoder.ts';

// The real process. How the pool handles processes that misbehave is in decoder-pool.test.ts.

const ENOUGH: DecodeLimits = { cpuMs: 60_000, grownBytes: 4e9 };

async function open(limits?: DecodeLimits): Promise<ChildDecoder> {
  const decoder = await ChildDecoder.open({ clock: systemClock, limits });
  onTestFinished(() => decoder.close());
  return decoder;
}

describe('a decoder in a child process', () => {
  /** A photo of 16 megapixels in 48 kB, which libvips can only decode as a whole. */
  let large: ReturnType<typeof encodedPhoto>;
  let usual: ReturnType<typeof encodedPhoto>;
  beforeAll(async () => {
    large = encodedPhoto(interlacedPng(4000, 4000));
    usual = encodedPhoto(await formulaPhoto(640, 800).jpeg().toBuffer());
  });

  it('returns the gray levels and the errors of `decodePhoto`', async () => {
    const decoder = await open();
    for (const resize of ['cover', 'squash'] as const) {
      expect(await decoder.decode(usual, resize)).toEqual(await decodePhoto(usual, resize));
    }
    const damaged = encodedPhoto(usual.subarray(0, 5000));
    const { code, message, cause } = await decodePhoto(damaged, 'cover').catch((error) => error);
    const failure = decoder.decode(damaged, 'cover');
    await expect(failure).rejects.toMatchObject({ code, message });
    await expect(failure).rejects.toHaveProperty('cause.message', cause.message);
    expect(decoder.stats.restarts).toEqual({ died: 0, hung: 0, recycled: 0 });
  });

  it.each([
    ['CPU time', { cpuMs: 30 }, 'photo_decode_timeout', { hung: 1 }],
    ['memory', { grownBytes: 20e6 }, 'photo_undecodable', { recycled: 1 }],
  ] as const)('is killed and replaced if a photo takes too much %s', async (_what, limit, code, restarts) => {
    const decoder = await open({ ...ENOUGH, ...limit });
    await expect(decoder.decode(large, 'cover')).rejects.toMatchObject({ code });
    expect(decoder.alive).toBe(false);
    await decoder.ready();
    expect(await decoder.decode(usual, 'cover')).toHaveLength(256 * 256);
    expect(decoder.stats.restarts).toMatchObject(restarts);
  });

  it('decodes the same photo within the usual limits', async () => {
    const decoder = await open();
    expect(await decoder.decode(large, 'cover')).toHaveLength(256 * 256);
  });
});
