import fc from 'fast-check';
import { expect, it } from 'vitest';
import { propertySeed, SEED_VARIABLE } from './property-seed.ts';

it('is the same in every run unless the variable sets another', () => {
  expect(propertySeed({})).toBe(propertySeed({ [SEED_VARIABLE]: '' }));
  expect(propertySeed({ [SEED_VARIABLE]: '-42' })).toBe(-42);
});

it.each(['1.5', 'x', '4294967296'])('can’t be %s', (text) => {
  expect(() => propertySeed({ [SEED_VARIABLE]: text })).toThrow(`${SEED_VARIABLE} must be a 32-bit integer`);
});

it('is used by fast-check and named in its failure messages', async () => {
  const named = `{ seed: ${propertySeed(process.env)}, path: "`;
  expect(() => fc.assert(fc.property(fc.nat(), () => false))).toThrow(named);
  await expect(fc.assert(fc.asyncProperty(fc.nat(), async () => false))).rejects.toThrow(named);
});
