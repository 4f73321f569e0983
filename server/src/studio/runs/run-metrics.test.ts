import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { openMetrics } from '../../training/run/folder/run-folder.ts';
import { readMetrics, readProgress } from './run-metrics.ts';

const stepLine = (step: number, loss = step) => ({
  ...{ kind: 'step' as const, step, epoch: step / 10, loss, accuracy: 0.5, learningRate: 0.01 },
  ...{ imagesPerSecond: 20, waiting: 0 },
});
const epochLine = { kind: 'epoch' as const, step: 10, epoch: 1, part: 'validation' as const, loss: 0.3, accuracy: 0.9 };
const text = (...lines: readonly object[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

/** A run's folder with these steps in its metrics. */
function withSteps(count: number) {
  const folder = temporaryFolder();
  const path = join(folder, 'metrics.jsonl');
  writeFileSync(path, text(...Array.from({ length: count }, (_, index) => stepLine(index + 1))));
  return { folder, path };
}

describe('the metrics of a run', () => {
  it('come in pieces: each call returns what was added since the one before, and no half line', async () => {
    const { folder, path } = withSteps(2);
    const first = await readMetrics(folder, '', 100);
    expect(first).toMatchObject({ isNew: true, hasMore: false, steps: { step: [1, 2], loss: [1, 2] }, epochs: [] });
    appendFileSync(path, text(epochLine) + JSON.stringify(stepLine(3)));
    const second = await readMetrics(folder, first.next, 100);
    expect(second).toMatchObject({ isNew: false, steps: { step: [] }, epochs: [{ step: 10, accuracy: 0.9 }] });
    appendFileSync(path, '\n');
    expect((await readMetrics(folder, second.next, 100)).steps.step).toEqual([3]);
  });

  it('begin anew when a resumed run drops the steps that it repeats', async () => {
    const { folder } = withSteps(5);
    const { next } = await readMetrics(folder, '', 100);
    (await openMetrics(folder, 3))(stepLine(4, 9));
    expect(await readMetrics(folder, next, 100)).toMatchObject({
      ...{ isNew: true, steps: { step: [1, 2, 3, 4], loss: [1, 2, 3, 9] } },
    });
  });

  it('say when there is more, so that no response is large', async () => {
    const { folder } = withSteps(6_000);
    const steps: number[] = [];
    let [from, calls] = ['', 0];
    for (let hasMore = true; hasMore; calls += 1) {
      const piece = await readMetrics(folder, from, 6_000);
      steps.push(...piece.steps.step);
      ({ next: from, hasMore } = piece);
    }
    expect(calls).toBeGreaterThan(1);
    expect(steps.at(-1)).toBe(6_000);
    expect(new Set(steps).size).toBe(steps.length);
    expect(steps.length).toBeLessThan(3_100); // the means of two steps each
  });

  it.each(['', 'x', '1-2', '1.5-99999999'])('begin with the first step for an unknown %j', async (from) => {
    const { folder } = withSteps(1);
    expect(await readMetrics(folder, from, undefined)).toMatchObject({ isNew: true, steps: { step: [1] } });
  });

  it('are empty for a run without any, such as a head', async () => {
    const { folder, path } = withSteps(1);
    rmSync(path);
    expect(await readMetrics(folder, '', undefined)).toMatchObject({ next: '', hasMore: false, steps: { step: [] } });
    expect(await readProgress(folder, { epochs: 2, batchSize: 4 })).toBeNull();
  });

  it('show how far the run is, and the time that is left at its speed', async () => {
    const { folder } = withSteps(50);
    const progress = await readProgress(folder, { epochs: 10, batchSize: 4 });
    expect(progress).toEqual({ step: 50, steps: 100, epoch: 5, epochs: 10, imagesPerSecond: 20, leftMs: 10_000 });
  });
});
