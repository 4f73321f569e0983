import { DATASET_NAME } from '@swipenet/shared/contract/studio/photos.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextName } from './next-name.ts';

describe('the name of the next version', () => {
  it.each([
    ['flowers', [], 'flowers-2'],
    ['flowers-2', ['flowers-2'], 'flowers-3'],
    ['flowers', ['flowers', 'flowers-2', 'flowers-3'], 'flowers-4'],
    ['flowers-red', [], 'flowers-red-2'],
    ['x'.repeat(64), [], `${'x'.repeat(62)}-2`],
  ])('after %s, with %j taken, is %s', (name, taken, next) => {
    expect(nextName(name, taken)).toBe(next);
  });

  it('is free and allowed, whatever exists', () => {
    const name = fc.stringMatching(DATASET_NAME);
    fc.assert(
      fc.property(name, fc.array(name), (last, others) => {
        const taken = [last, ...others, nextName(last, others)];
        const next = nextName(last, taken);
        expect(taken).not.toContain(next);
        expect(next).toMatch(DATASET_NAME);
      }),
    );
  });
});
