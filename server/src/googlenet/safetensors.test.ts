import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSafetensors } from './safetensors.ts';

/** Builds a safetensors file from a header and the tensors' bytes. */
function file(header: unknown, body: Uint8Array = new Uint8Array()): Buffer {
  const raw = typeof header === 'string' || header instanceof Uint8Array;
  const text = Buffer.from(raw ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, body]);
}
const f32 = (begin: number, end: number) => ({
  dtype: 'F32',
  shape: [(end - begin) / 4],
  data_offsets: [begin, end],
});
const numbers = new Uint8Array(Float32Array.of(1, -2, 0.5, 3).buffer);

describe('a safetensors file', () => {
  it('has float32 tensors by name, and metadata', () => {
    const { tensors, metadata } = readSafetensors(
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
    expect(metadata).toEqual({ origin: 'a test' });
  });

  it.each([
    ['another format', Buffer.from('PK\x03\x04 something else entirely'), 'is not a safetensors file'],
    ['no bytes', Buffer.alloc(0), 'is not a safetensors file'],
    ['a header that is not JSON', file('{{'), 'header that isn’t valid JSON'],
    ['a header that is not an object', file('[1]'), 'header that isn’t a JSON object'],
    ['a header that begins with a space', file(' {}'), 'header that isn’t a JSON object'],
    ['a header that is not UTF-8', file(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])), 'isn’t valid JSON'],
    [
      'half precision',
      file({ a: { dtype: 'F16', shape: [2], data_offsets: [0, 4] } }, numbers),
      'the tensor a is not float32',
    ],
    [
      'a tensor that extends beyond the file',
      file({ a: { dtype: 'F32', shape: [8], data_offsets: [0, 32] } }, numbers),
      'the tensor a [8] needs 32 bytes, but only 16 remain: the file is truncated',
    ],
    [
      'a tensor that begins beyond the file',
      file({ a: { dtype: 'F32', shape: [2], data_offsets: [24, 32] } }, numbers),
      'the tensor a [2] needs 8 bytes, but only 0 remain: the file is truncated',
    ],
    [
      'offsets that don’t match the shape',
      file({ a: { dtype: 'F32', shape: [4], data_offsets: [0, 8] } }, numbers),
      'the tensor a [4] needs 16 bytes, but its offsets span 8',
    ],
    ['tensors that overlap', file({ a: f32(0, 8), b: f32(4, 16) }, numbers), 'the tensor b overlaps another tensor'],
    [
      'two tensors with the same bytes',
      file({ a: f32(0, 16), b: f32(0, 16) }, numbers),
      'the tensor b overlaps another tensor',
    ],
    [
      'a gap between tensors',
      file({ a: f32(0, 4), b: f32(8, 16) }, numbers),
      'the tensor b leaves a gap of 4 bytes before it',
    ],
    ['bytes after the last tensor', file({ a: f32(0, 12) }, numbers), 'has 4 bytes that belong to no tensor'],
    [
      'a name that appears twice',
      file(`{"a":${JSON.stringify(f32(0, 8))}, "\\u0061" :${JSON.stringify(f32(8, 16))}}`, numbers),
      'the name a appears twice',
    ],
    [
      'a field that appears twice',
      file('{"a":{"dtype":"F32","shape":[4],"shape":[2,2],"data_offsets":[0,16]}}', numbers),
      'the name shape appears twice',
    ],
    ['a header of more than 1 MB', file(`{"a":"${' '.repeat(1_000_000)}"}`), 'is not a safetensors file'],
    [
      'thousands of tensors',
      file(Object.fromEntries(Array.from({ length: 2_001 }, (_, index) => [`t${index}`, f32(0, 4)])), numbers),
      'has 2001 tensors (limit 2000)',
    ],
  ])('is rejected with a reason: %s', (_name, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(
      expect.objectContaining({ code: 'weights_invalid', message: expect.stringContaining(message) }),
    );
  });

  it('is read or rejected with a code, whatever its bytes', () => {
    const bytes = fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => new Uint8Array(file(text))),
    );
    fc.assert(
      fc.property(bytes, (input) => {
        try {
          readSafetensors(input);
        } catch (error) {
          expect(error).toHaveProperty('code', 'weights_invalid');
        }
      }),
    );
  });
});
