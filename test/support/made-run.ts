import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a made run is like. */
export interface MadeRun {
  readonly name: string;
  readonly dataset: { readonly folder: string; readonly id: string };
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  /** How it ended. */
  readonly state: 'running' | 'stopped' | 'failed' | 'finished';
}

/** Writes the folder of a run as training leaves it, with curves that look like some and without parameters. */
export function writeRun(runs: string, { name, dataset, epochs, stepsPerEpoch, state }: MadeRun): void {
  const folder = join(runs, name);
  mkdirSync(folder, { recursive: true });
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
  const configuration = {
    ...{ format: 2, name, data: dataset, init: 'base', epochs, batchSize: 32, learningRate: 0.001, momentum: 0.9 },
    ...{ weightDecay: 1e-4, policy: 'step:33%:0.1', warmup: 20, cropSize: 224, mirror: true, mean: 'image', seed: 0 },
    ...{ device: 'cpu', threads: 2 },
  };
  write('run.json', JSON.stringify(configuration));
  write('state.json', JSON.stringify({ format: 1, state, since: '2026-11-28T01:00:00.000Z' }));
  write('last.safetensors', '');
  write('report.html', '<!doctype html><title>r</title><h1>A report</h1><script>document.title = origin</script>');
  const lines: object[] = [];
  for (let step = 1; step <= epochs * stepsPerEpoch; step += 1) {
    const epoch = step / stepsPerEpoch;
    const wave = 0.15 * Math.sin(step * 12.9898);
    const figures = {
      loss: 1.1 * Math.exp(-epoch / 6) + 0.2 + wave,
      accuracy: 1 - 0.5 * Math.exp(-epoch / 6) + wave / 3,
    };
    const learningRate = 0.001 * 0.1 ** Math.floor((3 * (step - 1)) / (epochs * stepsPerEpoch));
    lines.push({ kind: 'step', step, epoch, ...figures, learningRate, imagesPerSecond: 14 + wave, waiting: 0.01 });
    if (step % stepsPerEpoch !== 0) continue;
    const means = { loss: 0.7 * Math.exp(-epoch / 6) + 0.1, accuracy: 1 - 0.45 * Math.exp(-epoch / 6) };
    lines.push({ kind: 'epoch', step, epoch, part: 'training', ...means });
    lines.push({
      kind: 'epoch',
      step,
      epoch,
      part: 'validation',
      loss: means.loss + 0.1,
      accuracy: means.accuracy - 0.04,
    });
  }
  write('metrics.jsonl', lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}
