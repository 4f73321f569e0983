import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { digits, escapeHtml, percent, reportPage, table } from './html.ts';
import type { ReportData } from './report-data.ts';
import { curvesSection, resultsSection } from './report-sections.ts';

/** What a report says of its run in words. */
export interface ReportAbout {
  /** The model's id. */
  readonly name: string;
  /** The run's settings, in the order in which they are told. */
  readonly settings: Readonly<Record<string, string | number | boolean>>;
}

/**
 * A run's report: one file that needs nothing else. The charts are drawn by uPlot, which is inlined; every figure of
 * theirs is in a table as well, and nothing is loaded from anywhere (the page's own policy forbids it).
 */
export async function reportHtml(about: ReportAbout, data: ReportData): Promise<string> {
  const file = (specifier: string) => readFile(fileURLToPath(import.meta.resolve(specifier)), 'utf8');
  const page = (name: string) => readFile(new URL(`page/${name}`, import.meta.url), 'utf8');
  const [chartStyle, style, chartScript, script] = await Promise.all([
    file('uplot/dist/uPlot.min.css'),
    page('report.css'),
    file('uplot/dist/uPlot.iife.min.js'),
    page('report.js'),
  ]);
  const { steps, training, validation, results } = data;
  const drawn = { steps, training, validation, ...(results && { before: results.before, after: results.after }) };
  const settings = Object.entries(about.settings).map(([name, value]) => [name, String(value)]);
  const pending =
    '<section><h2>The best model</h2><p>The run has not ended yet: figures of the best model come at its end.</p></section>';
  return reportPage({
    title: `${about.name}: training report`,
    style: `${chartStyle}\n${style}`,
    main: `<header><h1>${escapeHtml(about.name)}</h1><p>${escapeHtml(summaryOf(data))}</p></header>
${curvesSection(data)}
${results ? resultsSection(results) : pending}
<section><h2>Settings</h2>${table('Settings of the run', ['setting', 'value'], settings)}</section>`,
    scripts: `<script type="application/json" id="data">${JSON.stringify(drawn).replaceAll('<', '\\u003c')}</script>
<script>${chartScript}</script>
<script>${script}</script>`,
  });
}

/** The run in a sentence. */
function summaryOf({ last, validation, results }: ReportData): string {
  const best = validation.toSorted((a, b) => a.loss - b.loss)[0];
  return [
    last
      ? `${last.step} steps, ${last.epoch.toFixed(2)} epochs, ${last.imagesPerSecond.toFixed(1)} images/s`
      : 'no step yet',
    ...(last ? [`${percent(last.waiting)} of the time waiting for data`] : []),
    ...(best ? [`best validation loss ${digits(best.loss)} at epoch ${best.epoch.toFixed(2)}`] : []),
    ...(results
      ? [`photos ${percent(results.after.photos.accuracy)} right, AUC ${digits(results.after.photos.auc)}`]
      : []),
  ].join('; ');
}
