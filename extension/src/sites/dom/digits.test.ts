import { expect, it } from 'vitest';
import { numbersIn } from './digits.ts';

it.each([
  ['1 of 8', [1, 8]],
  ['٣ من ١٢', [3, 12]],
  ['۳ از ۹', [3, 9]],
  ['९ में से १०', [9, 10]],
  ['８件中１件目', [8, 1]],
  ['7', [7]],
  ['Photo', []],
  ['', []],
])('reads the numbers of "%s"', (text, numbers) => {
  expect(numbersIn(text)).toEqual(numbers);
});
