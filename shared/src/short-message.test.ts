import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_MESSAGE, shortMessage } from './short-message.ts';

const name = (length: number) => `begin${'x'.repeat(length - 8)}end`;

describe('a short message', () => {
  it('is the message itself if that is short and printable', () => {
    const text = `the tensor ${name(270)} is missing`;
    expect(shortMessage(text)).toBe(text);
  });

  it('cuts a long name in the middle, so that the reason after it stays', () => {
    const short = shortMessage(`the tensor ${name(20_000)} has shape [3], expected [4]`);
    expect(short).toMatch(/^the tensor beginx+…x+end has shape \[3\], expected \[4\]$/);
    expect(short.length).toBeLessThan(150);
  });

  it('cuts the end of a message of many words', () => {
    const short = shortMessage('a reason; '.repeat(1_000));
    expect(short).toHaveLength(MAX_MESSAGE);
    expect(short).toMatch(/^a reason; .*…$/);
  });

  it('is printable and never longer than the limit, even after escaping', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(0x10ffff), { maxLength: 700 }), (codePoints) => {
        const text = String.fromCodePoint(...codePoints);
        const short = shortMessage(text);
        expect(short.length).toBeLessThanOrEqual(MAX_MESSAGE);
        expect(short).not.toMatch(/\p{Cc}/u);
        expect(shortMessage(short)).toBe(short);
      }),
      { numRuns: 30 },
    );
    expect(shortMessage('\u202e'.repeat(1_000))).toHaveLength(100);
  });
});
