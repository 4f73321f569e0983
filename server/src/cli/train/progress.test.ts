import { describe, expect, it } from 'vitest';
import type { MetricLine } from '../../training/run/folder/run-files.ts';
import { TrainProgress } from './progress.ts';

const step = (number: number): MetricLine => ({
  kind: 'step',
  step: number,
  epoch: number / 50,
  loss: 0.51234,
  accuracy: 0.875,
  learningRate: 0.001,
  imagesPerSecond: 9.87,
  waiting: 0,
});
const epoch: MetricLine = { kind: 'epoch', step: 50, epoch: 1, part: 'validation', loss: 0.25, accuracy: 0.9 };

/** Returns what the progress writes on a terminal or elsewhere, with a step every three seconds. */
function progressOf(isTTY: boolean, lines: readonly MetricLine[], columns = 200): string[] {
  const written: string[] = [];
  let now = 0;
  const output = { isTTY, columns, write: (text: string) => written.push(text) };
  const progress = new TrainProgress(output, () => now, 100);
  for (const line of lines) {
    progress.setUsage({ cpuMicroseconds: now * 1900, memoryBytes: 4.2e9 });
    progress.show(line);
    if (line.kind === 'step') now += 3000;
  }
  return written;
}

describe('the progress of training', () => {
  it('is one line that is overwritten on a terminal, with all metrics', () => {
    const [, second] = progressOf(true, [step(1), step(2)]);
    expect(second).toMatch(
      /^\r.*step 2\/100 {2}epoch 0.04 {2}loss 0.5123 {2}accuracy 87.5% {2}learning rate 0.001 {2}9.9 images\/s/,
    );
    expect(second).toContain('5 min left  CPU 190.0%  4.2 GB');
  });

  it('fits in a narrow terminal', () => {
    for (const text of progressOf(true, [step(1), step(2)], 60))
      expect(text.replace('\u001b[K', '').length).toBeLessThanOrEqual(60);
  });

  it('keeps a line for each epoch', () => {
    expect(progressOf(true, [step(50), epoch])[1]).toBe('\repoch 1 validation  loss 0.2500  accuracy 90.0%\u001b[K\n');
  });

  it('prints a plain line every few seconds elsewhere, and always one for the last step', () => {
    const written = progressOf(false, [1, 2, 3, 4, 5, 6, 99, 100].map(step));
    expect(written.map((text) => /step (\d+)/.exec(text)?.[1])).toEqual(['1', '5', '100']);
    for (const text of written) expect(text).toMatch(/^step [\w/. %,-]*\n$/);
  });
});
