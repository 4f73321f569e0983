import type { MetricLine } from '../training/run/run-files.ts';
import type { Usage } from '../training/step/training-messages.ts';
import { spanOf } from './format.ts';

/** A share for people: `87.5 %`. */
export const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** When a run's first step of this process was over, and how much of the CPU was used by then. */
export interface Beginning {
  readonly at: number;
  readonly step: number;
  readonly cpuMicroseconds: number;
}

/** What a step's line tells, in its order. */
export function stepFigures(
  line: MetricLine & { kind: 'step' },
  steps: number,
  { at, step, cpuMicroseconds }: Beginning,
  usage: Usage | undefined,
  now: number,
): string[] {
  const secondsPerStep = (now - at) / 1000 / Math.max(1, line.step - step);
  const left = line.step > step && line.step < steps ? [`${spanOf((steps - line.step) * secondsPerStep)} left`] : [];
  const busy =
    usage && now > at ? [`CPU ${percent((usage.cpuMicroseconds - cpuMicroseconds) / 1000 / (now - at))}`] : [];
  return [
    `step ${line.step}/${steps}`,
    `epoch ${line.epoch.toFixed(2)}`,
    `loss ${line.loss.toFixed(4)}`,
    `accuracy ${percent(line.accuracy)}`,
    `rate ${Number(line.rate.toPrecision(3))}`,
    `${line.imagesPerSecond.toFixed(1)} images/s`,
    ...left,
    ...busy,
    ...(usage ? [`${(usage.memoryBytes / 1e9).toFixed(1)} GB`] : []),
  ];
}
