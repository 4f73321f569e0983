/** Returns the numbers in a text, in order, written in the digits of any script. */
export function numbersIn(text: string): number[] {
  return [...text.matchAll(/\p{Nd}+/gu)].map(([digits]) => Number([...digits].map(valueOfDigit).join('')));
}

/** Each script's ten digits are consecutive code points, so a digit's value is its distance from the first. */
function valueOfDigit(digit: string): number {
  const code = digit.codePointAt(0)!;
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1;
  return value;
}
