import { formatFigures } from '../bench/report.ts';
import type { SectionResult } from './section.ts';

/** Where and when the verification ran. */
export interface ReportAbout {
  /** ISO 8601. */
  readonly date: string;
  readonly device: string;
  /** Facts about the machine by name. */
  readonly machine: Readonly<Record<string, string>>;
}

/** True if no section has failed. */
export const isVerified = (results: readonly SectionResult[]): boolean =>
  results.every(({ status }) => status !== 'fail');

/** Formats the results for programs. */
export function jsonReport(about: ReportAbout, results: readonly SectionResult[]): string {
  const sections = Object.fromEntries(
    results.map(({ key, text: _, figures = [], ...result }) => [
      key,
      { ...result, figures: Object.fromEntries(figures.map((figure) => [figure.key, figure.value])) },
    ]),
  );
  return `${JSON.stringify({ ...about, verified: isVerified(results), sections }, null, 2)}\n`;
}

/** Formats the results for people, as Markdown. */
export function markdownReport({ date, device, machine }: ReportAbout, results: readonly SectionResult[]): string {
  const facts = Object.entries(machine).map(([name, value]) => `| ${name} | ${value} |`);
  const overview = results.map(
    ({ title, status, summary, seconds }) => `| ${title} | ${status} | ${summary} | ${seconds.toFixed(1)} |`,
  );
  const sections = results.flatMap(({ title, figures = [], text }) => {
    const parts = [...(figures.length > 0 ? [formatFigures(figures)] : []), ...(text ? [text] : [])];
    return parts.length === 0 ? [] : [`## ${title}`, ...parts.map(fenced)];
  });
  return `${[
    `# ${device} ${isVerified(results) ? 'works' : 'has failures'}`,
    `\`npm run gpu:verify -- --device ${device}\`, ${date}`,
    ['| | |', '|---|---|', ...facts].join('\n'),
    ['| section | result | summary | seconds |', '|---|---|---|---|', ...overview].join('\n'),
    ...sections,
  ].join('\n\n')}\n`;
}

const fenced = (text: string) => ['```', text, '```'].join('\n');
