import { systemClock } from '../../clock.ts';
import type { Run } from '../../training/run/run.ts';
import type { MetricLine } from '../../training/run/run-files.ts';
import { type FinishedRun, runToEnd } from '../../training/run/run-to-end.ts';
import type { Usage } from '../../training/step/child-training-engine.ts';
import { percent, spanOf } from '../format.ts';
import type { ProgressOutput } from '../progress.ts';
import { stopOnSignal } from '../signals.ts';
import { beginLines, stoppedLine } from './lines.ts';

/** Between two plain lines where there is no terminal. */
const LOG_EVERY_MS = 10_000;
const BAR_CELLS = 16;

/**
 * Trains from a run's last checkpoint to its end and shows on standard error how it goes. Ctrl-C stops it.
 *
 * @param deviceReason why it computes where it does.
 * @returns `undefined` if it was stopped.
 */
export async function watchRun(run: Run, deviceReason: string): Promise<FinishedRun | undefined> {
  console.error(beginLines(run, deviceReason));
  const { now } = systemClock;
  const progress = new TrainProgress(process.stderr, now, run.schedule.steps);
  using signal = stopOnSignal(() => console.error('\nstopping after this step; once more ends at once'));
  const end = await runToEnd(run, {
    ...{ signal, now },
    onMetric: (line) => progress.tell(line),
    onUsage: (usage) => progress.used(usage),
    onReportTrouble: (error) => console.error(`\nno report: ${error}`),
  });
  if (end.ended === 'finished') return end.finished;
  console.error(stoppedLine(run.folder, end.progress));
  return undefined;
}

/** When a run's first step of this process was over, and how much of the CPU was used by then. */
interface Beginning {
  readonly at: number;
  readonly step: number;
  readonly cpuMicroseconds: number;
}

/** How training goes, told to a person: one line that is written over on a terminal, plain lines elsewhere. */
export class TrainProgress {
  readonly #output: ProgressOutput;
  readonly #now: () => number;
  readonly #steps: number;
  #begin: Beginning | undefined;
  #usage: Usage | undefined;
  #writtenAt = Number.NEGATIVE_INFINITY;

  /**
   * @param steps of the whole run.
   * @param now milliseconds since some moment.
   */
  constructor(output: ProgressOutput, now: () => number, steps: number) {
    this.#output = output;
    this.#now = now;
    this.#steps = steps;
  }

  /** What the training process has taken so far; shown with the next step. */
  used(usage: Usage): void {
    this.#usage = usage;
  }

  /** Tells a step or an epoch. */
  tell(line: MetricLine): void {
    if (line.kind === 'epoch') {
      const of = `epoch ${line.epoch.toFixed(0)} ${line.part.padEnd('validation'.length)}`;
      this.#line(`${of}  loss ${line.loss.toFixed(4)}  accuracy ${percent(line.accuracy)}`);
      return;
    }
    const now = this.#now();
    this.#begin ??= { at: now, step: line.step, cpuMicroseconds: this.#usage?.cpuMicroseconds ?? 0 };
    const over = line.step >= this.#steps;
    if (!this.#output.isTTY && !over && now - this.#writtenAt < LOG_EVERY_MS) return;
    this.#writtenAt = now;
    const figures = stepFigures(line, this.#steps, this.#begin, this.#usage, now);
    if (!this.#output.isTTY) {
      this.#output.write(`${figures.join('  ')}\n`);
      return;
    }
    const bar = '█'.repeat(Math.round((line.step / this.#steps) * BAR_CELLS)).padEnd(BAR_CELLS, '·');
    const text = `${bar}  ${figures.join('  ')}`.slice(0, (this.#output.columns ?? 80) - 1);
    this.#output.write(`\r${text}\u001b[K${over ? '\n' : ''}`);
  }

  /** A line for itself, also while a bar stands. */
  #line(text: string): void {
    this.#output.write(this.#output.isTTY ? `\r${text}\u001b[K\n` : `${text}\n`);
  }
}

/** What a step's line tells, in its order. */
function stepFigures(
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
    `learning rate ${Number(line.learningRate.toPrecision(3))}`,
    `${line.imagesPerSecond.toFixed(1)} images/s`,
    ...left,
    ...busy,
    ...(usage ? [`${(usage.memoryBytes / 1e9).toFixed(1)} GB`] : []),
  ];
}
