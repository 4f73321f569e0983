import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import type { MetricLine, Prediction } from '../run/folder/run-files.ts';
import type { RunConfiguration } from '../run/folder/run-folder.ts';
import { RunReporter } from './run-reporter.ts';

const CONFIGURATION: RunConfiguration = {
  format: 2,
  name: 'mine',
  data: { folder: '/home/somebody/photos', id: 'ab'.repeat(32) },
  init: 'none',
  epochs: 1,
  batchSize: 2,
  cropSize: 224,
  mirror: true,
  mean: 'image',
  seed: 0,
  learningRate: 0.01,
  policy: 'fixed',
  warmup: 0,
  momentum: 0.9,
  weightDecay: 0,
  device: 'cpu',
  threads: 1,
};

const EPOCH: MetricLine = { kind: 'epoch', part: 'validation', step: 5, epoch: 1, loss: 0.5, accuracy: 0.7 };

const PREDICTIONS: Prediction[] = [
  { id: '1', profile: 0, label: 'LIKE', margin: 2 },
  { id: '2', profile: 1, label: 'LIKE', margin: -1 },
  { id: '3', profile: 2, label: 'NOPE', margin: -3 },
  { id: '4', profile: 3, label: 'NOPE', margin: -2 },
];

it('the report exists after an epoch, is complete at the end, and never contains a local path', async () => {
  const folder = temporaryFolder();
  const troubles: unknown[] = [];
  const reporter = new RunReporter(folder, CONFIGURATION, (trouble) => troubles.push(trouble));
  const report = () => readFileSync(join(folder, 'report.html'), 'utf8');
  writeFileSync(join(folder, 'metrics.jsonl'), `${JSON.stringify(EPOCH)}\n`);
  reporter.record(EPOCH);
  await reporter.settle();
  expect(report()).toContain('best validation loss 0.5000');
  const { temperature, metrics } = await reporter.conclude(PREDICTIONS);
  expect(report()).toContain('Confusion at a threshold of 40%');
  expect(report()).not.toContain('somebody');
  expect(temperature).toBeGreaterThan(0);
  expect(metrics).toMatchObject({ validationPhotos: 4, validationAccuracy: 0.75, validationAuc: 1 });
  expect(metrics).toMatchObject({ validationProfiles: 4, validationProfileBalancedAccuracy: 0.75 });
  expect(Object.keys(metrics).indexOf('validationProfileAuc')).toBeLessThan(
    Object.keys(metrics).indexOf('validationAuc'),
  );
  expect(troubles).toEqual([]);
});

it('the report of a run that learned from profiles shows the calibrated rule, and no temperature', async () => {
  const folder = temporaryFolder();
  const profiles = { target: { kind: 'recall', value: 0.9 }, targetsSha256: 'b'.repeat(64) } as const;
  const reporter = new RunReporter(folder, { ...CONFIGURATION, profiles }, () => {});
  writeFileSync(join(folder, 'metrics.jsonl'), `${JSON.stringify(EPOCH)}\n`);
  const rule = { rule: 'profile', threshold: 0.3, largestShare: 0.5, perLogCount: 0 } as const;
  const { temperature, metrics } = await reporter.conclude(PREDICTIONS, rule);
  expect({ temperature, accuracy: metrics.validationProfileAccuracy }).toEqual({ temperature: 1, accuracy: 0.75 });
  const report = readFileSync(join(folder, 'report.html'), 'utf8');
  for (const words of ['the log loss of whole profiles', 'Temperature 1: the calibration', 'recall=0.9', 'of 30%']) {
    expect(report).toContain(words);
  }
});

it('a report that can’t be written doesn’t stop the run', async () => {
  const troubles: unknown[] = [];
  const reporter = new RunReporter(join(temporaryFolder(), 'gone'), CONFIGURATION, (trouble) => troubles.push(trouble));
  reporter.record(EPOCH);
  await reporter.settle();
  expect(troubles).toHaveLength(1);
});
