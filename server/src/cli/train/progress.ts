import { systemClock } from '../../clock.ts';
import { type FinishedRun, runToEnd } from '../../training/run/end/run-to-end.ts';
import type { MetricLine } from '../../training/run/folder/run-files.ts';
import type { Run } from '../../training/run/run.ts';
import type { Usage } from '../../training/step/child-training-engine.ts';
import { percent, spanOf } from '../format.ts';
import type { ProgressOutput } from '../progress.ts';
import { stopOnSignal } from '../signals.ts';
import { printError, progressOutput } from '../terminal.ts';
import { startLines, stoppedLine } from './lines.ts';

/** The time between two lines if standard error isn't a terminal, in milliseconds. */
const LOG_EVERY_MS = 10_000;
const BAR_CELLS = 16;

/**
 * Trains from a run's last checkpoint to its end, and shows the progress on standard error. Ctrl-C stops it.
 *
 * @param deviceReason why it trains on this device.
 * @returns undefined if it was stopped.
 */
export async function watchRun(run: Run, deviceReason: string): Promise<FinishedRun | undefined> {
  printError(startLines(run, deviceReason));
  const { now } = systemClock;
  const progress = new TrainProgress(progressOutput(), now, run.schedule.steps);
  using signal = stopOnSignal(() => printError('\nStopping after this step. Press Ctrl-C again to stop right away.'));
  const end = await runToEnd(run, {
    ...{ signal, now },
    onMetric: (line) => progress.show(line),
    onUsage: (usage) => progress.setUsage(usage),
    onReportTrouble: (error) => printError(`\nCan’t write the report: ${error}`),
  });
  if (end.ended === 'finished') return end.finished;
  printError(stoppedLine(run.folder, end.progress));
  return undefined;
}

/** The time and the CPU usage at the end of this process's first step. */
interface Baseline {
  readonly at: number;
  readonly step: number;
  readonly cpuMicroseconds: number;
}

/** Shows the progress of training: one line that is overwritten on a terminal, and plain lines elsewhere. */
export class TrainProgress {
  readonly #output: ProgressOutput;
  readonly #now: () => number;
  readonly #steps: number;
  #baseline: Baseline | undefined;
  #usage: Usage | undefined;
  #writtenAt = Number.NEGATIVE_INFINITY;

  /**
   * @param steps the steps of the whole run.
   * @param now returns milliseconds since an arbitrary moment.
   */
  constructor(output: ProgressOutput, now: () => number, steps: number) {
    this.#output = output;
    this.#now = now;
    this.#steps = steps;
  }

  /** Sets the resources that the training process has used so far. They are shown with the next step. */
  setUsage(usage: Usage): void {
    this.#usage = usage;
  }

  /** Shows a step or an epoch. */
  show(line: MetricLine): void {
    if (line.kind === 'epoch') {
      const of = `epoch ${line.epoch.toFixed(0)} ${line.part.padEnd('validation'.length)}`;
      this.#line(`${of}  loss ${line.loss.toFixed(4)}  accuracy ${percent(line.accuracy)}`);
      return;
    }
    const now = this.#now();
    this.#baseline ??= { at: now, step: line.step, cpuMicroseconds: this.#usage?.cpuMicroseconds ?? 0 };
    const isLast = line.step >= this.#steps;
    if (!this.#output.isTTY && !isLast && now - this.#writtenAt < LOG_EVERY_MS) return;
    this.#writtenAt = now;
    const figures = stepFigures(line, this.#steps, this.#baseline, this.#usage, now);
    if (!this.#output.isTTY) {
      this.#output.write(`${figures.join('  ')}\n`);
      return;
    }
    const bar = '█'.repeat(Math.round((line.step / this.#steps) * BAR_CELLS)).padEnd(BAR_CELLS, '·');
    const text = `${bar}  ${figures.join('  ')}`.slice(0, (this.#output.columns ?? 80) - 1);
    this.#output.write(`\r${text}\u001b[K${isLast ? '\n' : ''}`);
  }

  /** Writes a line that stays, even if a progress bar is shown. */
  #line(text: string): void {
    this.#output.write(this.#output.isTTY ? `\r${text}\u001b[K\n` : `${text}\n`);
  }
}

/** Returns the metrics in a step's line. */
function stepFigures(
  line: MetricLine & { kind: 'step' },
  steps: number,
  { at, step, cpuMicroseconds }: Baseline,
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
    `learning rate ${Number(line.learningRate.toPrecision(3))}`,
    `${line.imagesPerSecond.toFixed(1)} images/s`,
    ...left,
    ...busy,
    ...(usage ? [`${(usage.memoryBytes / 1e9).toFixed(1)} GB`] : []),
  ];
}
