import { gzipSync } from 'node:zlib';
import { seededRandom } from '@swipenet/shared/random.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { preparedGray } from './prepared-gray.ts';
import { unpackedGray } from './unpacked-gray.ts';

const SIZE = 65_536;

/** Gray levels like those of a photo: some flat, some noisy. */
function levels(seed: number): Uint8Array {
  const random = seededRandom(seed);
  const noise = 256 * random();
  return Uint8Array.from({ length: SIZE }, (_, at) => (at >> 9) + noise * random());
}

const refused = (message: unknown) => expect.objectContaining({ code: 'photo_gray_invalid', message });

describe('a prepared photo', () => {
  it.each([0, 1, SIZE - 1, SIZE + 1])('of %i bytes is refused', (length) => {
    expect(() => preparedGray(new Uint8Array(length))).toThrow(
      refused(`the prepared photo has ${length} gray levels and not 65536`),
    );
  });

  it('is the levels that were compressed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const gray = levels(seed);
        return Buffer.from(gray).equals(await unpackedGray(gzipSync(gray)));
      }),
      { numRuns: 10 },
    );
  });

  it('is refused wherever it is cut off', async () => {
    const packed = gzipSync(levels(7));
    await fc.assert(
      fc.asyncProperty(fc.nat(packed.length - 1), async (length) => {
        const error = await unpackedGray(packed.subarray(0, length)).catch((thrown: unknown) => thrown);
        expect(error).toEqual(refused('the prepared photo isn’t gzip, or is damaged or cut off'));
      }),
      { numRuns: 50 },
    );
  });

  it('fails as a photo or is 65,536 levels, whatever the bytes are', async () => {
    const packed = gzipSync(levels(8));
    const changes = fc.array(fc.tuple(fc.nat(packed.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 100 }), changes), async (change) => {
        const bytes = change instanceof Uint8Array ? change : Uint8Array.from(packed);
        if (!(change instanceof Uint8Array)) for (const [at, value] of change) bytes[at] = value;
        const outcome = await unpackedGray(bytes).catch((thrown: { code?: string }) => thrown);
        return outcome instanceof Uint8Array ? outcome.length === SIZE : outcome.code === 'photo_gray_invalid';
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ['with a level too few', 'has 65535 gray levels and not 65536', () => gzipSync(new Uint8Array(SIZE - 1))],
    ['with a level too many', 'has 65537 gray levels and not 65536', () => gzipSync(new Uint8Array(SIZE + 1))],
    ['that unpacks to 50 MB', 'has more than 65536 gray levels', () => gzipSync(new Uint8Array(50_000_000))],
    [
      'in two pieces that are too much together',
      'has more than 65536 gray levels',
      () => Buffer.concat([gzipSync(new Uint8Array(SIZE)), gzipSync(new Uint8Array(SIZE))]),
    ],
  ])('%s is refused, and no more of it is unpacked', async (_, message, pack) => {
    const packed = pack();
    const before = process.memoryUsage().arrayBuffers;
    await expect(unpackedGray(packed)).rejects.toEqual(refused(`the prepared photo ${message}`));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(5_000_000);
  });
});
