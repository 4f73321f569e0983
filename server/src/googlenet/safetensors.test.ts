import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSafetensors } from './safetensors.ts';

/** A safetensors file of a header and bytes. */
function file(header: unknown, body: Uint8Array = new Uint8Array()): Buffer {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, body]);
}
const numbers = new Uint8Array(Float32Array.of(1, -2, 0.5, 3).buffer);

describe('a safetensors file', () => {
  it('holds float32 tensors by name, and notes', () => {
    const { tensors, notes } = readSafetensors(
      file(
        {
          __metadata__: { origin: 'a test' },
          b: { dtype: 'F32', shape: [1], data_offsets: [12, 16] },
          a: { dtype: 'F32', shape: [3, 1], data_offsets: [0, 12] },
        },
        numbers,
      ),
    );
    expect(Object.fromEntries(tensors)).toEqual({
      a: { shape: [3, 1], data: Float32Array.of(1, -2, 0.5) },
      b: { shape: [1], data: Float32Array.of(3) },
    });
    expect(notes).toEqual({ origin: 'a test' });
  });

  it.each([
    ['another format', Buffer.from('PK\x03\x04 something else entirely'), 'not in the safetensors format'],
    ['nothing', Buffer.alloc(0), 'not in the safetensors format'],
    ['a header that is no JSON', file('{{'), 'is not JSON'],
    [
      'half precision',
      file({ a: { dtype: 'F16', shape: [2], data_offsets: [0, 4] } }, numbers),
      'the tensor a is not a float32 tensor',
    ],
    [
      'offsets beyond the file',
      file({ a: { dtype: 'F32', shape: [8], data_offsets: [0, 32] } }, numbers),
      'the tensor a [8] needs 32 bytes, 16 are left of the file: it is cut off',
    ],
    [
      'a tensor behind the end of a file',
      file({ a: { dtype: 'F32', shape: [2], data_offsets: [24, 32] } }, numbers),
      'the tensor a [2] needs 8 bytes, 0 are left of the file: it is cut off',
    ],
    [
      'offsets that do not fit the shape',
      file({ a: { dtype: 'F32', shape: [4], data_offsets: [0, 8] } }, numbers),
      'the tensor a [4] needs 16 bytes, the file has 8',
    ],
  ])('says what is wrong: %s', (_name, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(
      expect.objectContaining({ code: 'weights_invalid', message: expect.stringContaining(message) }),
    );
  });

  it('of any bytes is read or refused with a code', () => {
    const bytes = fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => new Uint8Array(file(text))),
    );
    fc.assert(
      fc.property(bytes, (given) => {
        try {
          readSafetensors(given);
        } catch (error) {
          expect(error).toHaveProperty('code', 'weights_invalid');
        }
      }),
    );
  });
});
