import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { DecisionRule } from '@swipenet/shared/decision.ts';
import { digits, escapeHtml, percent, reportPage, table } from './html.ts';
import type { ReportData } from './report-data.ts';
import { curvesSection, resultsSection } from './report-sections.ts';

/** A run's name and settings, as its report shows them. */
export interface ReportAbout {
  /** The model's ID. */
  readonly name: string;
  /** How the model decides profiles. By default, as in the article. */
  readonly rule?: DecisionRule;
  /** True if labels are of whole profiles. Validation losses then are too. */
  readonly byProfile?: boolean;
  /** The run's settings, in the order of the table. */
  readonly settings: Readonly<Record<string, string | number | boolean>>;
}

/**
 * Returns a run's report as a single file without dependencies. The inlined uPlot draws the charts, and a table has the
 * data of each chart. The page loads nothing, and its content security policy forbids it.
 */
export async function reportHtml(about: ReportAbout, data: ReportData): Promise<string> {
  const file = (url: string) => readFile(fileURLToPath(url), 'utf8');
  const page = (name: string) => readFile(new URL(`page/${name}`, import.meta.url), 'utf8');
  const [chartStyle, style, chartScript, script] = await Promise.all([
    file(import.meta.resolve('uplot/dist/uPlot.min.css')),
    page('report.css'),
    file(import.meta.resolve('uplot/dist/uPlot.iife.min.js')),
    page('report.js'),
  ]);
  const { steps, training, validation, results } = data;
  const drawn = { steps, training, validation, ...(results && { before: results.before, after: results.after }) };
  const settings = Object.entries(about.settings).map(([name, value]) => [name, String(value)]);
  const pending =
    '<section><h2>Results on the validation set</h2><p>They appear here when the run has finished.</p></section>';
  return reportPage({
    title: `${about.name}: training report`,
    style: `${chartStyle}\n${style}`,
    main: `<header><h1>${escapeHtml(about.name)}</h1><p>${escapeHtml(summaryOf(data))}</p></header>
${curvesSection(data, about.byProfile ?? false)}
${results ? resultsSection(results) : pending}
<section><h2>Settings</h2>${table('Settings of the run', ['setting', 'value'], settings)}</section>`,
    scripts: `<script type="application/json" id="data">${JSON.stringify(drawn).replaceAll('<', '\\u003c')}</script>
<script>${chartScript}</script>
<script>${script}</script>`,
  });
}

/** Summarizes the run in one line. */
function summaryOf({ last, validation, results }: ReportData): string {
  const best = validation.toSorted((a, b) => a.loss - b.loss)[0];
  return [
    last
      ? `${last.step} steps, ${last.epoch.toFixed(2)} epochs, ${last.imagesPerSecond.toFixed(1)} images/s`
      : 'no steps yet',
    ...(last ? [`${percent(last.waiting)} of the time spent waiting for data`] : []),
    ...(best ? [`best validation loss ${digits(best.loss)} at epoch ${best.epoch.toFixed(2)}`] : []),
    ...(results
      ? [
          `${percent(results.after.profiles.accuracy)} of profiles correct, AUC ${digits(results.after.profiles.auc)}`,
          `${percent(results.after.photos.accuracy)} of photos correct, AUC ${digits(results.after.photos.auc)}`,
        ]
      : []),
  ].join('; ');
}
