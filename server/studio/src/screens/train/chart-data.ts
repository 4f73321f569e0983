import type { Epochs, Measured } from './use-metrics.ts';

/** A curve of a chart. */
interface Series {
  readonly name: string;
  /** The name of its color in the style sheet. */
  readonly color: 'step' | 'training' | 'validation';
  /** One value per place on the horizontal axis, null where there is none. */
  readonly values: (number | null)[];
  /** True if it has one value per epoch, so that its points are worth seeing. */
  readonly isSparse: boolean;
}

/** A chart: what to draw, and what it shows in words. */
export interface Chart {
  readonly title: string;
  readonly words: string;
  /** Steps. */
  readonly x: number[];
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
}

/** Returns the charts of a run. */
export function chartsOf({ steps, epochs }: Measured): Chart[] {
  const x = [...new Set([...steps.step, ...epochs.map(({ step }) => step)])].toSorted((a, b) => a - b);
  const placeOf = new Map(x.map((step, place) => [step, place]));
  const spread = (pairs: readonly (readonly [step: number, value: number])[]) => {
    const values = new Array<number | null>(x.length).fill(null);
    for (const [step, value] of pairs) values[placeOf.get(step)!] = value;
    return values;
  };
  const perStep = (name: 'loss' | 'accuracy' | 'learningRate') =>
    spread(steps.step.map((step, index) => [step, steps[name][index]!]));
  const perEpoch = (part: 'training' | 'validation', name: 'loss' | 'accuracy') =>
    spread(epochs.filter((epoch) => epoch.part === part).map((epoch) => [epoch.step, epoch[name]]));
  const both = (name: 'loss' | 'accuracy'): Series[] => [
    { name: 'Each step', color: 'step', values: perStep(name), isSparse: false },
    { name: 'Training', color: 'training', values: perEpoch('training', name), isSparse: true },
    { name: 'Validation', color: 'validation', values: perEpoch('validation', name), isSparse: true },
  ];
  return [
    { title: 'Loss', words: lastOf(epochs, 'loss', fixed), x, series: both('loss'), format: fixed },
    { title: 'Accuracy', words: lastOf(epochs, 'accuracy', percent), x, series: both('accuracy'), format: percent },
    {
      title: 'Learning rate',
      words: steps.learningRate.length === 0 ? 'No steps yet' : `Now ${short(steps.learningRate.at(-1)!)}`,
      ...{ x, format: short },
      series: [{ name: 'Learning rate', color: 'training', values: perStep('learningRate'), isSparse: false }],
    },
  ];
}

/** Names the epoch whose parameters the model gets: the one with the lowest validation loss. */
export function bestWords({ epochs }: Pick<Measured, 'epochs'>): string {
  const measured = epochs.filter(({ part }) => part === 'validation');
  if (measured.length === 0) return 'The validation set is measured after each epoch.';
  const best = measured.reduce((one, other) => (other.loss < one.loss ? other : one));
  const figures = `validation loss ${best.loss.toFixed(4)}, accuracy ${(100 * best.accuracy).toFixed(1)}%`;
  return `Best so far: epoch ${Math.round(best.epoch)}, with ${figures}. The model gets its parameters.`;
}

/** Describes the newest figures, for people who don't see the chart. A table has the others. */
function lastOf(epochs: Epochs, name: 'loss' | 'accuracy', format: (value: number) => string): string {
  const parts = (['training', 'validation'] as const).flatMap((part) => {
    const last = epochs.findLast((epoch) => epoch.part === part);
    return last ? [`${part} ${format(last[name])}`] : [];
  });
  return parts.length === 0 ? 'No epoch has ended yet' : `After the last epoch: ${parts.join(', ')}`;
}

const fixed = (value: number) => value.toFixed(2);

const percent = (value: number) => `${Math.round(100 * value)}%`;

const short = (value: number) => String(Number(value.toPrecision(3)));
