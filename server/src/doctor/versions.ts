/** Compares versions like `580.65.06` number by number. True if the first one is at least the second. */
export function atLeast(version: string, least: string): boolean {
  const [numbers, lowest] = [version, least].map((text) => text.split('.').map(Number)) as [number[], number[]];
  for (const [index, number] of lowest.entries()) {
    const own = numbers[index] ?? 0;
    if (own !== number) return own > number;
  }
  return true;
}
