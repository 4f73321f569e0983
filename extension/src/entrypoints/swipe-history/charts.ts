import uPlot from 'uplot';
import { formatNumber, formatSetPercent, formatWholePercent, translate } from '../../texts.ts';
import { formatDay } from './format.ts';
import { type Period, type Unit, withRoom } from './periods.ts';

const DAY_SECONDS = 24 * 3_600;

/** The room for a date below a chart, in rem, like all sizes that depend on the text. */
const DATE_WIDTH = 4;

/** Distances between the ticks of an axis of counts. */
const TICK_COUNTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000];

const HEIGHT = 9.375;

const FONT = '0.75rem system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

/** The fewest periods that a chart has room for. */
const FEWEST = 7;

/** Two charts by day or week: swipes as bars, and shares as lines. Their legends say in CSS what colors they have. */
export class Charts {
  readonly #document: Document;
  readonly #drawn: uPlot[] = [];
  #drawnPeriods: readonly Period[] = [];
  #shown: { readonly periods: readonly Period[]; readonly unit: Unit } = { periods: [], unit: 'day' };

  constructor(document: Document) {
    this.#document = document;
    const redraw = () => this.#draw();
    for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
      matchMedia(query).addEventListener('change', redraw);
    }
    new ResizeObserver(() => {
      for (const chart of this.#drawn)
        chart.setSize({ width: widthOf(chart.root.parentElement!), height: pixels(HEIGHT) });
    }).observe(this.#get('chart-swipes'));
    this.#get('chart-table').addEventListener('toggle', () => this.#fillTable());
    this.#draw(); // an empty chart has a name as well
  }

  /** Shows periods, oldest first. */
  show(periods: readonly Period[], unit: Unit): void {
    this.#shown = { periods, unit };
    this.#draw();
    this.#fillTable();
  }

  #draw(): void {
    for (const chart of this.#drawn.splice(0)) chart.destroy();
    this.#get('chart-point').textContent = translate('history_point');
    const { unit } = this.#shown;
    this.#get('chart-swipes').ariaLabel = translate(`history_swipes_by_${unit}`);
    this.#get('chart-shares').ariaLabel = translate(`history_shares_by_${unit}`);
    this.#drawnPeriods = withRoom(this.#shown.periods, unit, FEWEST);
    const periods = this.#drawnPeriods;
    if (periods.length === 0) return;
    const days = periods.map(({ startMs }) => startMs / 1_000);
    this.#drawn.push(
      this.#chart('chart-swipes', {
        data: [days, periods.map(({ swipes }) => swipes), periods.map(({ right }) => right)],
        series: ['swipes', 'right'].map((name) => ({
          fill: this.#color(name),
          width: 0,
          points: { show: false },
          paths: uPlot.paths.bars!({ size: [0.7, 40] }),
        })),
        most: (max) => Math.max(4, 1.1 * max),
        ticks: TICK_COUNTS,
        format: (value) => formatNumber(value),
      }),
      this.#chart('chart-shares', {
        data: [days, ...[rightShare, agreement, ({ bound }: Period) => bound].map((share) => percents(periods, share))],
        series: ['right-share', 'agreement', 'bound'].map((name) => ({
          stroke: this.#color(name),
          width: 2,
          points: { show: true, size: 5, fill: this.#color(name) },
          spanGaps: true,
          ...(name === 'bound' && { dash: [5, 4] }),
        })),
        most: () => 100,
        ticks: [25, 50],
        format: (value) => formatSetPercent(value / 100),
      }),
    );
  }

  #chart(
    id: string,
    options: {
      readonly data: readonly (readonly (number | undefined)[])[];
      readonly series: readonly uPlot.Series[];
      readonly most: (max: number) => number;
      readonly ticks: number[];
      readonly format: (value: number) => string;
    },
  ): uPlot {
    const box = this.#get(id);
    const axis = {
      stroke: this.#color('axis'),
      font: FONT.replace(/^[\d.]+rem/, (size) => `${pixels(Number.parseFloat(size))}px`), // a canvas knows no rem
      grid: { stroke: this.#color('grid'), width: 1 },
      ticks: { show: false },
    };
    const padding = DAY_SECONDS * (this.#shown.unit === 'week' ? 4 : 0.7);
    const { data, series, most, ticks, format } = options;
    const days = data[0] as readonly number[];
    return new uPlot(
      {
        ...{ width: widthOf(box), height: pixels(HEIGHT), legend: { show: false } },
        cursor: { drag: { x: false, y: false }, points: { show: false } },
        scales: {
          x: { range: (_, min, max) => [min - padding, max + padding] },
          y: { range: (_, _min, max) => [0, most(max)] },
        },
        axes: [
          {
            ...axis,
            size: pixels(1.75),
            splits: (chart) => someOf(days, Math.floor(chart.bbox.width / devicePixelRatio / pixels(DATE_WIDTH))),
            values: (_, seconds) => seconds.map((second) => formatDay(second * 1_000)),
          },
          { ...axis, size: pixels(3), incrs: ticks, values: (_, values) => values.map(format) },
        ],
        series: [{}, ...series],
        hooks: { setCursor: [(chart) => this.#read(chart.cursor.idx ?? undefined)] },
      },
      data as uPlot.AlignedData,
      box,
    );
  }

  /** Says what the charts have at the pointer. */
  #read(at: number | undefined): void {
    const period = at === undefined ? undefined : this.#drawnPeriods[at];
    if (!period) return;
    const [from, swipes, right, agrees, bound] = cells(period);
    this.#get('chart-point').textContent = [
      from,
      `${translate('history_swipes')} ${swipes}`,
      `${translate('history_right')} ${right}`,
      ...(agrees ? [`${translate('history_agreement')} ${agrees}`] : []),
      ...(bound ? [`${translate('history_bound')} ${bound}`] : []),
    ].join(' · ');
  }

  /** Fills the table, newest first, while it is open. */
  #fillTable(): void {
    const { periods } = this.#shown;
    const isOpen = this.#get<HTMLDetailsElement>('chart-table').open;
    const rows = (isOpen ? periods.toReversed() : []).map((period) => {
      const row = this.#document.createElement('tr');
      const texts = cells(period).map((text, at) => {
        const cell = this.#document.createElement(at === 0 ? 'th' : 'td');
        cell.textContent = text || '–';
        return cell;
      });
      (texts[0] as HTMLTableCellElement).scope = 'row';
      row.append(...texts);
      return row;
    });
    this.#get('chart-rows').replaceChildren(...rows);
  }

  /** Returns the color that the stylesheet gives to something, as the browser computes it. */
  #color(name: string): string {
    return getComputedStyle(this.#document.querySelector(`[data-color=${name}]`)!).color;
  }

  #get<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
    return this.#document.getElementById(id) as Kind;
  }
}

/** Returns a share of each period in percent. */
function percents(periods: readonly Period[], share: (period: Period) => number | undefined) {
  return periods.map(share).map((value) => value && 100 * value);
}

/** Formats a period's day, swipes, right swipes, agreement and lower bound. Unknown ones are empty. */
function cells(period: Period): [from: string, swipes: string, right: string, agreement: string, bound: string] {
  const { startMs, swipes, right, bound } = period;
  const share = rightShare(period);
  const agrees = agreement(period);
  return [
    formatDay(startMs),
    formatNumber(swipes),
    share === undefined ? formatNumber(right) : sharePhrase(right, share),
    agrees === undefined ? '' : formatWholePercent(agrees),
    bound === undefined ? '' : formatWholePercent(bound),
  ];
}

/** Formats a count with its share: `12 (35%)`. */
export const sharePhrase = (count: number, share: number) =>
  translate('history_share', count, formatWholePercent(share));

/** Returns at most `count` values, evenly spaced and ending with the last one. */
function someOf(values: readonly number[], count: number): number[] {
  const step = Math.ceil(values.length / Math.max(1, count));
  return values.filter((_, at) => (values.length - 1 - at) % step === 0);
}

const rightShare = ({ right, swipes }: Period) => (swipes === 0 ? undefined : right / swipes);

const agreement = ({ agreed, disagreed }: Period) =>
  agreed + disagreed === 0 ? undefined : agreed / (agreed + disagreed);

/** Converts rem to CSS pixels. */
const pixels = (rem: number) => rem * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

const widthOf = (box: HTMLElement) => Math.max(160, box.clientWidth);
