import type { OipTensor } from '@swipenet/shared/contract/oip.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOfTensors, joinMessage, MessageError, splitMessage } from './message.ts';
import { bytesOfFloats, OUTPUTS, PHOTOS, readFloats, readLevels } from './tensors.ts';

const LIMIT = 1000;

/** Returns what a function returns, or the message of its MessageError. Any other error is thrown. */
function outcome<Result>(read: () => Result): Result | string {
  try {
    return read();
  } catch (error) {
    if (error instanceof MessageError) return error.message;
    throw error;
  }
}

const binaryTensor = (name: string, size: unknown): OipTensor => ({
  ...{ name, datatype: 'UINT8', shape: [1], parameters: { binary_data_size: size } },
});

describe('a message', () => {
  it('is read as it was written, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 4 }), (text, tensors) => {
        const { body, jsonLength } = joinMessage({ text }, tensors);
        const { json, binary } = splitMessage(body, String(jsonLength), LIMIT);
        const named = tensors.map(({ length }, at) => binaryTensor(String(at), length));
        return (
          (json as { text: string }).text === text.toWellFormed() &&
          [...bytesOfTensors(named, binary).values()].every((bytes, at) => Buffer.compare(bytes!, tensors[at]!) === 0)
        );
      }),
    );
  });

  it('fails with its own error, whatever bytes and header arrive', () => {
    const header = fc.option(fc.oneof(fc.nat(200).map(String), fc.string({ maxLength: 12 })), { nil: undefined });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), header, (bytes, length) => {
        outcome(() => splitMessage(bytes, length, LIMIT));
      }),
    );
  });

  it.each([
    ['a length that isn’t a number', 'ten', 'not a whole number'],
    ['a negative length', '-1', 'not a whole number'],
    ['a length with an exponent', '1e3', 'not a whole number'],
    ['a length beyond all bounds', '9'.repeat(30), 'not a whole number'],
    ['a length above the limit', '1001', 'may have 1000'],
    ['a length above that of the body', '900', 'only 2 bytes'],
    ['a length that cuts the JSON', '1', 'not JSON'],
    ['no JSON at all', '0', 'not JSON'],
  ])('with %s is refused', (_what, length, message) => {
    expect(outcome(() => splitMessage(Buffer.from('{}'), length, LIMIT))).toContain(message);
  });

  it('that is too long as a whole is refused before it is parsed', () => {
    const body = Buffer.from(`"${'x'.repeat(LIMIT)}"`);
    expect(outcome(() => splitMessage(body, undefined, LIMIT))).toContain('send tensors as binary data');
  });
});

describe('the binary part', () => {
  it('must belong to tensors up to its last byte, and to each tensor only once', () => {
    const bytes = new Uint8Array(10);
    const of = (...tensors: OipTensor[]) => outcome(() => bytesOfTensors(tensors, bytes));
    expect(of(binaryTensor('a', 4), binaryTensor('b', 6))).toBeInstanceOf(Map);
    expect(of(binaryTensor('a', 4), binaryTensor('b', 7))).toBe('"b" should have 7 bytes, but only 6 are left');
    expect(of(binaryTensor('a', 4))).toBe('6 bytes belong to no tensor');
    expect(of()).toBe('10 bytes belong to no tensor');
    expect(of(binaryTensor('a', 4), binaryTensor('a', 6))).toBe('the tensor "a" appears more than once');
    for (const size of [-1, 0.5, '4', null, Number.NaN, 2 ** 60, {}]) {
      expect(of(binaryTensor('a', size))).toBe('binary_data_size of "a" is not a whole number');
    }
  });
});

const EVIDENCE = { name: 'evidence', datatype: 'FP32', shape: [2, 7, 7] };
const evidence = Float32Array.from({ length: 98 }, (_, at) => at / 7 - 3);
const rows = (values: ArrayLike<number>, ...sizes: number[]): unknown => {
  const [size, ...rest] = sizes;
  if (size === undefined) return values[0];
  const part = values.length / size;
  return Array.from({ length: size }, (_, at) => rows(Array.from(values).slice(at * part, (at + 1) * part), ...rest));
};

describe('a tensor', () => {
  it('has the same values as bytes, as a flat list and in rows', () => {
    const read = (more: Partial<OipTensor>, bytes?: Uint8Array) =>
      outcome(() => readFloats({ ...EVIDENCE, ...more }, OUTPUTS.evidence, bytes));
    expect(read({}, bytesOfFloats(evidence))).toEqual(evidence);
    expect(read({ data: null }, bytesOfFloats(evidence))).toEqual(evidence);
    expect(read({ data: [...evidence], parameters: null })).toEqual(evidence);
    expect(read({}, Buffer.concat([Buffer.from('x'), bytesOfFloats(evidence)]).subarray(1))).toEqual(evidence);
    expect(read({ data: [...evidence] })).toEqual(evidence);
    expect(read({ data: rows(evidence, 2, 7, 7) })).toEqual(evidence);
  });

  it.each([
    ['another type', { datatype: 'FP16' }, 'must be FP32, got "FP16"'],
    ['other dimensions', { shape: [2, 49] }, 'must have the shape [N, 7, 7], got [2, 49]'],
    ['no dimensions', { shape: [] }, 'must have the shape'],
    ['more photos than values', { shape: [3, 7, 7] }, '98 values, and its shape needs 147'],
    ['values that are no numbers', { data: new Array(98).fill('1') }, 'value 0 of'],
    ['a value that JSON made of NaN', { data: [...evidence.subarray(1), null] }, 'value 97 of'],
    ['lists that are too deep', { data: [[[[[evidence]]]]] }, '1 values'],
    ['an object for data', { data: {} }, 'neither data nor binary_data_size'],
    ['nothing', { data: undefined }, 'neither data nor binary_data_size'],
  ])('with %s is refused', (_what, more, message) => {
    const tensor = { ...EVIDENCE, data: [...evidence], ...more };
    expect(outcome(() => readFloats(tensor, OUTPUTS.evidence, undefined))).toContain(message);
  });

  it('with a value that is not finite is refused', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const bytes = bytesOfFloats(evidence.with(5, value));
      expect(outcome(() => readFloats(EVIDENCE, OUTPUTS.evidence, bytes))).toContain('not finite');
    }
  });

  it('with another number of bytes than its shape needs, or with data besides, is refused', () => {
    const read = (tensor: OipTensor, bytes: Uint8Array) => outcome(() => readFloats(tensor, OUTPUTS.evidence, bytes));
    expect(read(EVIDENCE, new Uint8Array(391))).toContain('391 bytes, and its shape needs 392');
    expect(read({ ...EVIDENCE, shape: [2 ** 31, 7, 7] }, new Uint8Array(392))).toContain('its shape needs');
    expect(read({ ...EVIDENCE, data: [] }, new Uint8Array(392))).toContain('both data and binary_data_size');
  });

  it('of photos has only whole numbers from 0 to 255', () => {
    const photos = { name: 'photos', datatype: 'UINT8', shape: [1, ...PHOTOS.perPhoto] };
    for (const value of [-1, 256, 0.5, true, '7', null]) {
      const data = new Array(224 ** 2).fill(7).with(3, value);
      expect(outcome(() => readLevels({ ...photos, data }, undefined))).toContain('value 3 of "photos"');
    }
    const levels = outcome(() => readLevels({ ...photos, data: new Array(224 ** 2).fill(255) }, undefined));
    expect(levels).toEqual(new Uint8Array(224 ** 2).fill(255));
  });
});
