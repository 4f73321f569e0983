import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../../test/support/temporary-folder.ts';
import type { MetricLine } from './run-files.ts';
import { createRun, openMetrics, type RunConfiguration, readRun } from './run-folder.ts';

const configuration: RunConfiguration = {
  format: 2,
  name: 'mine',
  data: { folder: '/data', id: 'a'.repeat(64) },
  init: 'none',
  epochs: 25,
  batchSize: 32,
  cropSize: 224,
  mirror: true,
  mean: 'image',
  seed: 0,
  learningRate: 0.01,
  policy: 'step:33%:0.1',
  warmup: 0,
  momentum: 0.9,
  weightDecay: 1e-4,
  device: 'cpu',
  threads: 2,
};
type StepLine = Extract<MetricLine, { kind: 'step' }>;
const line = (step: number): StepLine => {
  const figures = { loss: 1, accuracy: 0.5, learningRate: 0.01, imagesPerSecond: 9, waiting: 0 };
  return { kind: 'step', step, epoch: step / 10, ...figures };
};

describe('the folder of a run', () => {
  it('records the configuration', async () => {
    const folder = join(temporaryFolder(), 'deep', 'run');
    await createRun(folder, configuration);
    expect(await readRun(folder)).toEqual(configuration);
  });

  it('records what the threshold is for if labels are of whole profiles, as --target accepts it', async () => {
    const folder = join(temporaryFolder(), 'run');
    const profiles = { target: { kind: 'recall', value: 0.9 }, targetsSha256: 'b'.repeat(64) } as const;
    await createRun(folder, { ...configuration, profiles });
    expect(await readRun(folder)).toEqual({ ...configuration, profiles });
    expect(readFileSync(join(folder, 'run.json'), 'utf8')).toContain('"target": "recall=0.9"');
  });

  it('must be empty', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'holiday.jpg'), '');
    await expect(createRun(folder, configuration)).rejects.toMatchObject({ code: 'run_exists' });
  });

  it.each<[string, string | undefined, string, string]>([
    ['nothing', undefined, 'run_missing', 'doesn’t exist'],
    ['invalid JSON', '{', 'run_invalid', 'it isn’t valid JSON'],
    ['a batch size in words', JSON.stringify({ ...configuration, batchSize: 'many' }), 'run_invalid', 'batchSize'],
    ['an unknown policy', JSON.stringify({ ...configuration, policy: 'cosine' }), 'run_invalid', 'policy'],
    ['a later format', JSON.stringify({ ...configuration, format: 3 }), 'run_invalid', 'format'],
  ])('is rejected if run.json holds %s', async (_what, text, code, message) => {
    const folder = temporaryFolder();
    if (text !== undefined) writeFileSync(join(folder, 'run.json'), text);
    await expect(readRun(folder)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('reads the configuration of an earlier version', async () => {
    const folder = temporaryFolder();
    const { batchSize, cropSize, learningRate, ...others } = configuration;
    const earlier = { ...others, format: 1, batch: batchSize, side: cropSize, rate: learningRate };
    writeFileSync(join(folder, 'run.json'), JSON.stringify(earlier));
    expect(await readRun(folder)).toEqual(configuration);
  });

  it('converts the metrics of an earlier version', async () => {
    const folder = temporaryFolder();
    const { learningRate: rate, ...others } = line(1);
    writeFileSync(join(folder, 'metrics.jsonl'), `${JSON.stringify({ ...others, rate })}\n`);
    (await openMetrics(folder, 1))(line(2));
    const lines = readFileSync(join(folder, 'metrics.jsonl'), 'utf8').trimEnd().split('\n');
    expect(lines.map((text) => JSON.parse(text))).toEqual([1, 2].map(line));
  });

  it('drops the metrics of steps that will be repeated, and a line that was cut off', async () => {
    const folder = temporaryFolder();
    const append = await openMetrics(folder, 0);
    for (const step of [1, 2, 3]) append(line(step));
    appendFileSync(join(folder, 'metrics.jsonl'), '{"kind":"st');
    (await openMetrics(folder, 2))(line(3));
    const lines = readFileSync(join(folder, 'metrics.jsonl'), 'utf8').trimEnd().split('\n');
    expect(lines.map((text) => JSON.parse(text))).toEqual([1, 2, 3].map(line));
  });

  it('stops the run if its metrics can’t be written', async () => {
    const folder = temporaryFolder();
    const append = await openMetrics(folder, 0);
    const path = join(folder, 'metrics.jsonl');
    rmSync(path);
    mkdirSync(path);
    expect(() => append(line(1))).toThrow(expect.objectContaining({ code: 'run_unwritable' }));
  });
});
