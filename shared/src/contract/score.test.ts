import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreFieldSchemas } from './score.ts';

const accepts = (field: keyof typeof scoreFieldSchemas, text: string) =>
  scoreFieldSchemas[field].safeParse(text).success;

describe('the fields of a score request', () => {
  it.each(['0', '1', '0.4', '.5', '4e-1', ' 0.25 '])('threshold accepts %j', (text) => {
    expect(scoreFieldSchemas.threshold.parse(text)).toBe(Number(text));
  });

  it.each(['', ' ', 'abc', '-1', '2', 'NaN', 'Infinity', '0x1', '0,4', '40%'])('threshold rejects %j', (text) => {
    expect(accepts('threshold', text)).toBe(false);
  });

  it('threshold accepts exactly the numbers from 0 to 1', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -3, max: 3 }), (value) => {
        expect(accepts('threshold', String(value))).toBe(value >= 0 && value <= 1);
      }),
    );
  });

  it.each(['0', '-1', '1.5', '', 'all', '9999999'])('photoCount rejects %j', (text) => {
    expect(accepts('photoCount', text)).toBe(false);
  });

  it('priority accepts only now and ahead', () => {
    expect([accepts('priority', 'now'), accepts('priority', 'ahead'), accepts('priority', 'later')]).toEqual([
      true,
      true,
      false,
    ]);
  });
});
