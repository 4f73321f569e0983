import type { Figure } from '../report.ts';
import { type Cell, METRIC_NAMES, METRICS, NOISE, type Row } from './compare.ts';
import { METHOD_NAMES, METHODS, type MethodName } from './methods.ts';

/** A method that is better than Swipenet by more than noise has an up arrow; a worse one has a down arrow. */
const MARKS = { better: '▲', worse: '▼', noise: ' ' } as const;

const HEADS = ['profiles', 'method', ...METRIC_NAMES.map((name) => METRICS[name].title)];

/** The columns that are text. Numbers are aligned on the right. */
const TEXT_COLUMNS = [1];

/** Formats rows as one table per share of wrong labels, followed by the comparisons that Swipenet loses. */
export function tasteTables(rows: readonly Row[]): string {
  const byShare = Map.groupBy(rows, ({ wrongShare }) => wrongShare);
  const tables = [...byShare].map(([share, own]) => {
    const { runs } = own[0]!;
    return `${Math.round(100 * share)}% wrong labels, ${runs} ${runs === 1 ? 'run' : 'runs'} per row\n${tableOf(own)}`;
  });
  const legend = [
    '±: one standard error, for Swipenet of its figure, for the others of their difference from it.',
    `${MARKS.better} better than Swipenet by more than ${NOISE} standard errors, ${MARKS.worse} worse.`,
  ];
  return [...tables, legend.join('\n'), verdictOf(rows)].join('\n\n');
}

/** Returns everything in the tables for programs. */
export function tasteFigures(rows: readonly Row[]): Figure[] {
  return rows.flatMap(({ size, wrongShare, methods, learned, runs }) => {
    const row = `wrong${Math.round(100 * wrongShare)}.${size}`;
    const title = `${Math.round(100 * wrongShare)}% wrong labels, ${size} profiles`;
    const refused = { key: `${row}.refused`, name: `${title}, refused`, value: runs - learned, unit: 'runs' };
    const figures = METHOD_NAMES.flatMap((method) =>
      METRIC_NAMES.flatMap((name) => {
        const cell = methods[method]?.[name];
        if (!cell) return [];
        const { factor, unit } = METRICS[name];
        const [key, of] = [`${row}.${method}.${name}`, `${title}, ${METHODS[method].title}  ${METRICS[name].title}`];
        const value = { key, name: of, value: factor * cell.value, unit };
        if (Number.isNaN(cell.error)) return [value];
        return [value, { key: `${key}Error`, name: `${of}, standard error`, value: factor * cell.error, unit }];
      }),
    );
    return [refused, ...figures];
  });
}

function tableOf(rows: readonly Row[]): string {
  const lines = rows.flatMap((row) => METHOD_NAMES.map((method) => lineOf(row, method)));
  const widths = HEADS.map((head, at) => Math.max(head.length, ...lines.map((line) => line[at]?.length ?? 0)));
  const format = (line: readonly string[]) =>
    line
      .map((cell, at) => (TEXT_COLUMNS.includes(at) ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)))
      .join('  ')
      .trimEnd();
  // The heads of figures end where their numbers end, not at the mark.
  const heads = HEADS.map((head, at) => (at >= 2 ? `${head} ` : head));
  return [heads, ...lines].map(format).join('\n');
}

function lineOf({ size, runs, learned, methods }: Row, method: MethodName): string[] {
  const cells = methods[method];
  const figures = cells ? METRIC_NAMES.map((name) => figureOf(cells[name], name)) : [];
  const { title } = METHODS[method];
  if (method !== 'ours') return ['', title, ...figures];
  const refusals = learned === 0 ? ' (refuses)' : ` (refuses ${runs - learned} of ${runs})`;
  return [String(size), learned === runs ? title : title + refusals, ...figures];
}

function figureOf({ value, error, verdict }: Cell, name: keyof typeof METRICS): string {
  const digits = METRICS[name].unit === 'mnat' ? 0 : 1;
  const [shown, around] = [value, error].map((number) => (METRICS[name].factor * number).toFixed(digits));
  return `${shown}${Number.isNaN(error) ? '' : ` ±${around!.padStart(digits + 2)}`}${MARKS[verdict]}`;
}

/** Counts the figures in which no other method is clearly better, and lists the others. */
function verdictOf(rows: readonly Row[]): string {
  const compared = rows.filter(({ learned }) => learned > 0);
  const lost = compared.flatMap(({ size, wrongShare, methods }) =>
    METRIC_NAMES.flatMap((name) => {
      const better = METHOD_NAMES.filter((method) => methods[method]?.[name].verdict === 'better');
      if (better.length === 0) return [];
      const titles = better.map((method) => METHODS[method].title).join(', ');
      return [`  ${METRICS[name].title} of ${size} profiles, ${Math.round(100 * wrongShare)}% wrong labels: ${titles}`];
    }),
  );
  const figures = compared.length * METRIC_NAMES.length;
  const summary = `Swipenet is the best method or within noise of it in ${figures - lost.length} of ${figures} figures.`;
  return lost.length === 0 ? summary : `${summary} Another method is better in:\n${lost.join('\n')}`;
}
