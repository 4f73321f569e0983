import { useEffect, useRef, useState } from 'preact/hooks';
import type uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

/** A line of a chart, or points. */
export interface ChartSeries {
  readonly name: string;
  /** The class of its color, which the legend has, too. */
  readonly color: 'accent' | 'like' | 'soft';
  readonly kind: 'line' | 'dashes' | 'points';
  /** A value for each of the chart's x, or null. */
  readonly values: readonly (number | null)[];
}

/** What a chart shows: both axes go from 0 to 100%. */
export interface ChartProps {
  readonly name: string;
  readonly x: readonly number[];
  readonly xName: string;
  readonly yName: string;
  readonly series: readonly ChartSeries[];
}

/** A chart of fractions. The table beside it has the same numbers. */
export function Chart({ name, x, xName, yName, series }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const legend = useRef<HTMLUListElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const [scheme, setScheme] = useState(0);
  const data = [x, ...series.map(({ values }) => values)] as uPlot.AlignedData;
  const latest = useRef(data);
  latest.current = data;
  useEffect(() => {
    let isGone = false;
    void import('uplot').then(({ default: Plot }) => {
      if (isGone) return;
      plot.current = new Plot(
        optionsOf(box.current!, legend.current!, { xName, yName, series }),
        latest.current,
        box.current!,
      );
    });
    return () => {
      isGone = true;
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [scheme]);
  useEffect(() => plot.current?.setData(data), [x, series]);
  useEffect(() => {
    const left = new AbortController();
    const again = () => setScheme((count) => count + 1);
    for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
      matchMedia(query).addEventListener('change', again, { signal: left.signal });
    }
    const element = box.current!;
    const observer = new ResizeObserver(() => plot.current?.setSize(sizeOf(element)));
    observer.observe(element);
    return () => {
      left.abort();
      observer.disconnect();
    };
  }, []);
  return (
    <>
      <div ref={box} class="chart" role="img" aria-label={`${name}. The table below has its numbers.`} />
      <ul ref={legend} class="legend">
        {series.map(({ name: title, color, kind }) => (
          <li key={title}>
            <span class={`key ${color} ${kind}`} /> {title}
          </li>
        ))}
      </ul>
    </>
  );
}

const sizeOf = (box: HTMLElement) => ({ width: Math.max(200, box.clientWidth), height: box.clientHeight });

function optionsOf(
  box: HTMLElement,
  legend: HTMLElement,
  { xName, yName, series }: Pick<ChartProps, 'xName' | 'yName' | 'series'>,
): uPlot.Options {
  const { color: ink, fontFamily } = getComputedStyle(legend);
  const colors = [...legend.querySelectorAll('.key')].map((key) => getComputedStyle(key).color);
  const axis = {
    stroke: ink,
    font: `12px ${fontFamily}`,
    labelFont: `12px ${fontFamily}`,
    grid: { stroke: getComputedStyle(box).borderTopColor, width: 1 },
    ticks: { show: false },
    incrs: [0.1, 0.2, 0.25, 0.5],
    labelSize: 20,
    values: (_: uPlot, values: number[]) => values.map((value) => `${Math.round(100 * value)}%`),
  };
  const range = (): [number, number] => [-0.01, 1.01];
  return {
    ...sizeOf(box),
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false, range }, y: { range } },
    axes: [
      { ...axis, label: xName, space: 60 },
      { ...axis, label: yName, size: 48 },
    ],
    series: [
      {},
      ...series.map(({ kind }, at) => ({
        stroke: colors[at]!,
        width: kind === 'points' ? 0 : 2,
        spanGaps: true,
        ...(kind === 'dashes' && { dash: [5, 4] }),
        points: { show: kind === 'points', size: 11, fill: colors[at]!, stroke: colors[at]! },
      })),
    ],
  };
}
