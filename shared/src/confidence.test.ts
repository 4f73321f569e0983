import { expect, it } from 'vitest';
import { likesOf, marginsOf } from './confidence.ts';

it('reads the LIKE confidence of each photo from the second column', () => {
  expect([...likesOf(Float32Array.of(0.75, 0.25, 0, 1))]).toEqual([0.25, 1]);
});

it('subtracts NOPE’s logit from LIKE’s', () => {
  expect(marginsOf(Float32Array.of(1, 4, 2, -1))).toEqual([3, -3]);
});
