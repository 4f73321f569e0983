import { seededRandom } from '@swipenet/shared/random.ts';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { formulaPhoto } from '../../../../../test/support/photos.ts';
import { decodePhoto } from '../../../image/decoding/decode.ts';
import { encodedPhoto } from '../../../image/photo-bytes.ts';
import { dHash, distance, isPlain, type PhotoHash } from './dhash.ts';
import { NEAR_BITS, NearIndex } from './near-index.ts';
import { likeness, lookOf, SAME_LOOK } from './photo-look.ts';

const half = fc.integer({ min: 0, max: 0xffffffff });
const hashes = fc.record({ high: half, low: half });

/** Flips some bits of a hash. */
function turned({ high, low }: PhotoHash, bits: readonly number[]): PhotoHash {
  let [h, l] = [high, low];
  for (const bit of bits) {
    if (bit < 32) h = (h ^ (1 << bit)) >>> 0;
    else l = (l ^ (1 << (bit - 32))) >>> 0;
  }
  return { high: h, low: l };
}

describe('the index of hashes', () => {
  it('finds the same hashes as a linear search, in insertion order', () => {
    const bits = fc.uniqueArray(fc.integer({ min: 0, max: 63 }), { maxLength: 12 });
    const cases = fc.tuple(
      hashes,
      fc.array(
        fc.oneof(
          bits.map((some) => ({ some })),
          hashes,
        ),
        { maxLength: 40 },
      ),
    );
    fc.assert(
      fc.property(cases, fc.integer({ min: 0, max: 7 }), ([query, others], radius) => {
        const all = others.map((other) => ('some' in other ? turned(query, other.some) : other));
        const index = new NearIndex();
        for (const [number, hash] of all.entries()) index.add(hash, number);
        const naive = all
          .map((hash, number) => ({ number, bits: distance(hash, query) }))
          .filter((other) => other.bits <= radius);
        expect(index.near(query, radius)).toEqual(naive);
      }),
    );
  });

  it('rejects a radius for which it could miss hashes', () => {
    expect(() => new NearIndex().near({ high: 0, low: 0 }, 8)).toThrow('the maximum is 7');
  });
});

describe('the perceptual hash', () => {
  it('has a distance that counts differing bits', () => {
    fc.assert(
      fc.property(hashes, fc.uniqueArray(fc.integer({ min: 0, max: 63 })), (hash, bits) => {
        expect(distance(hash, turned(hash, bits))).toBe(bits.length);
      }),
    );
  });

  it('is close to those of smaller, compressed, blurred and darkened copies, and far from a mirrored one', async () => {
    const photo = await formulaPhoto(640, 480).png().toBuffer();
    const seen = async (bytes: Buffer) => {
      const pixels = await decodePhoto(encodedPhoto(bytes), 'squash');
      return { hash: dHash(pixels), look: lookOf(pixels) };
    };
    const original = await seen(photo);
    const copies = [
      sharp(photo).resize(300).jpeg({ quality: 20 }),
      sharp(photo).blur(4).png(),
      sharp(photo).linear(0.4, 0).png(),
    ];
    for (const copy of copies) {
      const { hash, look } = await seen(await copy.toBuffer());
      expect(distance(hash, original.hash)).toBeLessThanOrEqual(NEAR_BITS);
      expect(likeness(look, original.look)).toBeGreaterThan(SAME_LOOK);
    }
    const mirrored = await seen(await sharp(photo).flop().toBuffer());
    expect(distance(mirrored.hash, original.hash)).toBeGreaterThan(NEAR_BITS);
    expect(likeness(mirrored.look, original.look)).toBeLessThan(SAME_LOOK);
  });

  it('is plain for a plain surface, and not for noise', () => {
    expect(isPlain(dHash(new Uint8Array(256 * 256).fill(7)))).toBe(true);
    const random = seededRandom(1);
    expect(isPlain(dHash(Uint8Array.from({ length: 256 * 256 }, () => random() * 256)))).toBe(false);
  });
});
