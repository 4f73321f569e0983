import { describe, expect, it } from 'vitest';
import { toFloat16 } from './float16.ts';

describe('numbers as float16', () => {
  it('keep 11 bits', () => {
    const numbers = Float32Array.from({ length: 1856 }, (_, at) => Math.PI * at);
    expect(toFloat16(numbers).every((half, at) => Math.abs(half - numbers[at]!) <= numbers[at]! * 2 ** -11)).toBe(true);
  });

  it('stay finite if float16 can’t hold them', () => {
    expect([...toFloat16(new Float32Array([1, 1e6]))]).toEqual([1, 65_504]);
  });
});
