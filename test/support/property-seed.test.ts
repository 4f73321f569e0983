import fc from 'fast-check';
import { expect, it } from 'vitest';
import { propertySeed, SEED_VARIABLE } from './property-seed.ts';

it('is the same in every run, unless the variable names another', () => {
  expect(propertySeed({})).toBe(propertySeed({ [SEED_VARIABLE]: '' }));
  expect(propertySeed({ [SEED_VARIABLE]: '-42' })).toBe(-42);
});

it.each(['1.5', 'x', '4294967296'])('cannot be %s', (text) => {
  expect(() => propertySeed({ [SEED_VARIABLE]: text })).toThrow(`${SEED_VARIABLE} must be a whole number of 32 bits`);
});

it('is what fast-check draws from, and what the message of a failure names', async () => {
  const named = `{ seed: ${propertySeed(process.env)}, path: "`;
  expect(() => fc.assert(fc.property(fc.nat(), () => false))).toThrow(named);
  await expect(fc.assert(fc.asyncProperty(fc.nat(), async () => false))).rejects.toThrow(named);
});
