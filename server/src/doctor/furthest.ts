/**
 * Returns the largest difference between two lists, over the length of the first. NaN stays NaN and is never tolerated.
 */
export const furthest = (numbers: Float32Array, others: Float32Array): number =>
  numbers.reduce((most, number, index) => Math.max(most, Math.abs(number - others[index]!)), 0);
