import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GrowingBytes } from './growing-bytes.ts';

it('returns what was appended, in a buffer of exactly that size, whatever length was likely', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5000), { maxLength: 40 }), fc.nat(20_000), (lengths, likely) => {
      const bytes = new GrowingBytes(likely);
      const chunks = lengths.map((length, index) => Buffer.alloc(length, index + 1));
      for (const chunk of chunks) bytes.append(chunk);
      const joined = bytes.joined();
      return Buffer.concat(chunks).equals(joined) && joined.buffer.byteLength === bytes.length;
    }),
  );
});

it('copies what it gets', () => {
  const bytes = new GrowingBytes();
  const chunk = Buffer.from('abc');
  bytes.append(chunk);
  chunk.fill('x');
  bytes.append(Buffer.from('é'));
  expect(bytes.text()).toBe('abcé');
});
