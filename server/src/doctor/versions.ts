/** True if a version like `580.65.06` is at least another one. Compares number by number from the left. */
export function atLeast(version: string, least: string): boolean {
  const [numbers, lowest] = [version, least].map((text) => text.split('.').map(Number)) as [number[], number[]];
  for (const [index, number] of lowest.entries()) {
    const own = numbers[index] ?? 0;
    if (own !== number) return own > number;
  }
  return true;
}
