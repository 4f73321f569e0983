const LARGEST = 65_504;

/** Returns numbers as float16. A number that is too large becomes the largest one, 65,504, in place of infinity. */
export function toFloat16(numbers: Float32Array | Float16Array): Float16Array {
  if (numbers instanceof Float16Array) return numbers;
  const isSmall = numbers.every((number) => number <= LARGEST);
  return new Float16Array(isSmall ? numbers : numbers.map((number) => Math.min(number, LARGEST)));
}
