/** One result of a benchmark. */
export interface Figure {
  /** Its name in JSON. */
  readonly key: string;
  /** Its name for people. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The value relative to the machine's limit in the same run. */
  readonly ratioToLimit?: number | undefined;
  /** Duration of the median round in milliseconds. */
  readonly medianMs?: number;
}

/** Results with a text of their own for people. */
export interface BenchResult {
  readonly figures: readonly Figure[];
  readonly text: string;
}

/** Formats results as a table for people: value, percentage of the machine's limit, median round. */
export function formatFigures(figures: readonly Figure[]): string {
  const width = Math.max(...figures.map(({ name }) => name.length));
  return figures
    .map(({ name, value, unit, ratioToLimit, medianMs }) => {
      const ratio = ratioToLimit === undefined ? '' : `${(100 * ratioToLimit).toFixed(0)}% of the limit`;
      const median = medianMs === undefined ? '' : `median round ${medianMs.toFixed(1)} ms`;
      return [
        name.padEnd(width),
        value.toFixed(unit === '×' ? 2 : 1).padStart(8),
        unit.padEnd(9),
        ratio.padEnd(18),
        median,
      ]
        .join('  ')
        .trimEnd();
    })
    .join('\n');
}

/** Formats results for programs: `{key: value}`, plus `keyRatioToLimit` for those that have one. */
export function figuresAsJson(figures: readonly Figure[]): Record<string, number> {
  const entries = figures.flatMap(({ key, value, ratioToLimit }) => [
    [key, value] as const,
    ...(ratioToLimit === undefined ? [] : [[`${key}RatioToLimit`, ratioToLimit] as const]),
  ]);
  return Object.fromEntries(entries);
}
