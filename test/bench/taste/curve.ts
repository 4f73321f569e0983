import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { CHROMIUM_ADVICE, findChromium } from '../../support/find-chromium.ts';
import { METRICS, type MetricName, type Row } from './compare.ts';
import { METHOD_NAMES, METHODS, type MethodName } from './methods.ts';

/** The charted figures, from top to bottom. */
const CHARTED: readonly MetricName[] = ['auc', 'balancedAccuracy'];

const COLORS: Readonly<Record<MethodName, string>> = {
  ours: '#0c8558',
  head: '#c8324a',
  means: '#2462c9',
  photos: '#b3541e',
};

/** The size of one chart in pixels. The picture has twice as many, for sharp screens. */
const CHART = { width: 340, height: 240 };
const SCALE = 2;

/** One chart: a figure by the number of profiles, a line per method. */
interface Chart {
  readonly title: string;
  readonly label: string;
  readonly sizes: readonly number[];
  readonly low: number;
  /** Per method, a value per size, or null where it refused. */
  readonly lines: readonly (readonly (number | null)[])[];
}

/**
 * Draws the learning curves as a PNG file: a row of charts per figure, and a column per share of wrong labels. uPlot
 * draws them in Chromium, as in training reports.
 *
 * @param path must end with `.png`.
 * @throws Error if there is no Chromium.
 */
export async function drawCurve(rows: readonly Row[], path: string): Promise<void> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error(CHROMIUM_ADVICE);
  const file = (specifier: string) => readFile(fileURLToPath(import.meta.resolve(specifier)), 'utf8');
  const charts = chartsOf(rows);
  const columns = new Set(rows.map(({ wrongShare }) => wrongShare)).size;
  const viewport = { width: columns * (CHART.width + 16) + 16, height: 400 };
  const browser = await chromium.launch({ executablePath });
  try {
    const page = await browser.newPage({ viewport, deviceScaleFactor: SCALE, colorScheme: 'light' });
    await page.setContent(pageOf(columns));
    await page.addStyleTag({ content: await file('uplot/dist/uPlot.min.css') });
    await page.addScriptTag({ content: await file('uplot/dist/uPlot.iife.min.js') });
    await page.evaluate(drawCharts, { charts, names: METHOD_NAMES.map((name) => METHODS[name].title), ...look() });
    await page.screenshot({ path, fullPage: true });
  } finally {
    await browser.close();
  }
}

/** Returns the charts in the order in which they are drawn. All charts of a figure have the same vertical axis. */
export function chartsOf(rows: readonly Row[]): Chart[] {
  const shares = [...Map.groupBy(rows, ({ wrongShare }) => wrongShare)];
  return CHARTED.flatMap((name) => {
    const figureOf = ({ methods }: Row, method: MethodName) => methods[method]?.[name].value;
    const values = rows.flatMap((row) => METHOD_NAMES.flatMap((method) => figureOf(row, method) ?? []));
    const low = Math.floor(20 * Math.min(...values)) / 20;
    return shares.map(([share, own]) => ({
      title: `${Math.round(100 * share)}% wrong labels`,
      label: METRICS[name].title.replace(' %', name === 'auc' ? '' : ' accuracy'),
      sizes: own.map(({ size }) => size),
      low,
      lines: METHOD_NAMES.map((method) => own.map((row) => figureOf(row, method) ?? null)),
    }));
  });
}

const look = () => ({ colors: METHOD_NAMES.map((name) => COLORS[name]), size: CHART });

function pageOf(columns: number): string {
  const legend = METHOD_NAMES.map(
    (name) => `<span><i style="background:${COLORS[name]}"></i>${METHODS[name].title}</span>`,
  );
  return `<!doctype html><style>
body { margin: 16px; font: 14px system-ui, sans-serif; color: #1f2228; background: #fff }
main { display: grid; grid-template-columns: repeat(${columns}, ${CHART.width}px); gap: 16px }
footer { display: flex; flex-wrap: wrap; gap: 4px 20px; margin-top: 8px }
i { display: inline-block; width: 18px; height: 4px; margin-right: 6px; vertical-align: middle }
.uplot .u-title { font-size: 15px; font-weight: 600 }
</style><main></main><footer>${legend.join('')}</footer>`;
}

/** What uPlot needs to be called with. Its own types name the DOM's. */
type DrawPlot = new (options: object, columns: readonly (readonly (number | null)[])[], place: Element) => unknown;

/** Draws the charts. Runs in the page, so it can't use anything outside. */
function drawCharts({
  charts,
  names,
  colors,
  size,
}: {
  readonly charts: readonly Chart[];
  readonly names: readonly string[];
  readonly colors: readonly string[];
  readonly size: { readonly width: number; readonly height: number };
}): void {
  const { uPlot } = window as unknown as { uPlot: DrawPlot };
  const main = document.querySelector('main')!;
  const line = { stroke: '#575a63', grid: { stroke: '#d8d5cf', width: 1 }, ticks: { stroke: '#d8d5cf', width: 1 } };
  for (const { title, label, sizes, low, lines } of charts) {
    const places = sizes.map((_, at) => at); // equal steps, because sizes double
    const options = {
      ...{ ...size, title, legend: { show: false }, cursor: { show: false } },
      scales: { x: { time: false, range: [-0.3, sizes.length - 0.7] }, y: { range: [low, 1] } },
      axes: [
        { ...line, label: 'profiles', labelSize: 20, size: 32, splits: () => places, values: () => sizes.map(String) },
        {
          ...line,
          label,
          labelSize: 20,
          size: 48,
          values: (_: unknown, all: number[]) => all.map((one) => `${Math.round(100 * one)}%`),
        },
      ],
      series: [
        {},
        ...names.map((name, at) => ({
          label: name,
          stroke: colors[at],
          width: at === 0 ? 3 : 1.5,
          points: { show: true, size: at === 0 ? 7 : 5, fill: colors[at] },
        })),
      ],
    };
    new uPlot(options, [places, ...lines], main.appendChild(document.createElement('div')));
  }
}
