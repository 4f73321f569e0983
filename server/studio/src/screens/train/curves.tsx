import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { type Chart, chartsOf } from './chart-data.ts';
import type { Measured } from './use-metrics.ts';

const HEIGHT = 240;

/** The distances between marks on the axis of steps: 1, 2, 5, 10, 20 … */
const WHOLE = Array.from({ length: 8 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat();

/** The curves of a run: its loss, its accuracy and its learning rate. */
export function Curves({ measured }: { measured: Measured }) {
  return (
    <div class="curves">
      {chartsOf(measured).map((chart) => (
        <figure key={chart.title}>
          <figcaption>
            <h3>{chart.title}</h3>
          </figcaption>
          <Drawing {...chart} />
        </figure>
      ))}
    </div>
  );
}

function Drawing(chart: Chart) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const newest = useRef(chart);
  newest.current = chart;
  useEffect(() => {
    const element = place.current!;
    const draw = () => {
      plot.current?.destroy();
      plot.current = new uPlot(optionsOf(newest.current, element), dataOf(newest.current), element);
    };
    draw();
    const resized = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height: HEIGHT }));
    resized.observe(element);
    // A canvas has no style of its own.
    const looks = ['(prefers-color-scheme: dark)', '(forced-colors: active)'].map((query) => matchMedia(query));
    for (const look of looks) look.addEventListener('change', draw);
    return () => {
      for (const look of looks) look.removeEventListener('change', draw);
      resized.disconnect();
      plot.current?.destroy();
    };
  }, []);
  useEffect(() => plot.current?.setData(dataOf(chart)), [chart.x, chart.series]);
  return (
    <>
      <div class="chart" ref={place} role="img" aria-label={`${chart.title}. ${chart.words}`} />
      <p class="legend" aria-hidden="true">
        {chart.series.map(({ name, color }) => (
          <span key={name} class={`key ${color}`}>
            {name}
          </span>
        ))}
      </p>
    </>
  );
}

const dataOf = ({ x, series }: Chart): uPlot.AlignedData => [x, ...series.map(({ values }) => values)];

function optionsOf({ series, format }: Chart, element: HTMLElement): uPlot.Options {
  const ink = colorOf(element, 'ink');
  const axis = { stroke: ink, grid: { stroke: colorOf(element, 'grid'), width: 1 }, ticks: { show: false } };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { drag: { x: true, y: false } },
    scales: { x: { time: false } },
    axes: [
      { ...axis, size: 32, incrs: WHOLE, values: (_, steps) => steps.map((step) => step.toLocaleString('en-US')) },
      { ...axis, size: 64, values: (_, values) => values.map(format) },
    ],
    series: [
      {},
      ...series.map(({ name, color, isSparse }) => ({
        label: name,
        stroke: colorOf(element, color),
        width: isSparse ? 2 : 1,
        ...(color === 'validation' && { dash: [8, 4] }), // also told apart without colors
        spanGaps: true,
        points: { show: isSparse, size: 5 },
      })),
    ],
  };
}

/** Returns the color of a class of the style sheet, as the canvas takes it. */
function colorOf(element: HTMLElement, name: string): string {
  const probe = document.createElement('span');
  probe.className = `curve-color ${name}`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
