import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '@swipenet/shared/random.ts';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { profileMetrics } from '../evaluation/metrics.ts';
import { confidenceOf } from '../evaluation/temperature.ts';
import { evaluatedProfiles } from '../evaluation/threshold-table.ts';
import type { MetricLine, Prediction } from '../run/folder/run-files.ts';
import { reportData } from './report-data.ts';
import { writeReport } from './write-report.ts';

const random = seededRandom(3);

const lines: MetricLine[] = Array.from({ length: 4000 }, (_, index): MetricLine[] => {
  const step = index + 1;
  const at = { step, epoch: step / 400, loss: 1 / step, accuracy: 1 - 1 / (step + 1) };
  const line: MetricLine = { kind: 'step', ...at, learningRate: 0.01, imagesPerSecond: 9.5, waiting: 0.002 };
  if (step % 400 > 0) return [line];
  return [line, { kind: 'epoch', part: 'training', ...at }, { kind: 'epoch', part: 'validation', ...at }];
}).flat();

const predictions: Prediction[] = Array.from({ length: 300 }, (_, index) => {
  const margin = (random() - 0.5) * 8;
  const label = random() < confidenceOf(margin) ? 'LIKE' : 'NOPE';
  return { id: index.toString(16).padStart(16, '0'), profile: Math.floor(index / 3), label, margin: 3 * margin };
});

const jsonLines = (all: readonly object[]) => all.map((line) => `${JSON.stringify(line)}\n`).join('');

describe('a report’s data', () => {
  it('thins the curve of a long run without distorting it', () => {
    const { steps, training, validation, last } = reportData(lines, []);
    expect(steps.length).toBeLessThanOrEqual(1500);
    expect(steps.length).toBeGreaterThan(1000);
    expect(steps.at(-1)?.epoch).toBe(10);
    expect(steps[0]?.loss).toBeCloseTo((1 + 1 / 2 + 1 / 3) / 3, 12);
    expect([training.length, validation.length, last?.step]).toEqual([10, 10, 4000]);
  });

  it('has metrics before and after the temperature, and lists the worst predictions by photo ID', () => {
    const { results } = reportData(lines, predictions);
    const { before, after, mostWrong, temperature } = results!;
    expect(temperature.reason).toBe('fitted');
    expect(after.photos.ece).toBeLessThan(before.photos.ece);
    expect(after.photos.auc).toBe(before.photos.auc);
    const counted = [...after.histogram.LIKE, ...after.histogram.NOPE].reduce((sum, count) => sum + count, 0);
    expect(counted).toBe(300);
    const wrongness = predictions.map(({ label, margin }) => (label === 'LIKE' ? -margin : margin));
    const worst = predictions[wrongness.indexOf(Math.max(...wrongness))]!;
    expect(mostWrong[0]?.id).toBe(worst.id);
  });

  it('decides profiles by the model’s rule, at its threshold', () => {
    const rule = { rule: 'profile', threshold: 0.45, largestShare: 0.7, perLogCount: -0.2 } as const;
    const { after, thresholds } = reportData(lines, predictions, rule).results!;
    const profiles = evaluatedProfiles(predictions, thresholds.temperature);
    expect(after.profiles).toEqual(profileMetrics(profiles, rule));
    const likes = after.profiles.confusion.LIKE.LIKE + after.profiles.confusion.NOPE.LIKE;
    expect(likes).toBeLessThan(reportData(lines, predictions).results!.after.profiles.count);
    const half = thresholds.after.find(({ threshold }) => threshold === 0.5)!;
    expect(half.profiles.accuracy).toBe(profileMetrics(profiles, { ...rule, threshold: 0.5 }).accuracy);
  });
});

describe('a report', () => {
  it('is a single file that loads nothing, has a table for every chart, and escapes names', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'metrics.jsonl'), `${jsonLines(lines)}{"kind":"st`); // the last line is being written
    writeFileSync(join(folder, 'predictions.jsonl'), jsonLines(predictions));
    await writeReport(folder, { name: '<script>x</script>', settings: { epochs: 10, policy: 'step:33%:0.1' } });
    const html = readFileSync(join(folder, 'report.html'), 'utf8');
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/<(script|link|img|iframe)[^>]+(src|href)=/);
    expect(html).not.toContain('<script>x');
    for (const words of [
      'Confusion at a threshold of 40%',
      'Reliability, 15 bins',
      'Photos, after the temperature',
      'step:33%:0.1',
      'Learning rate',
    ]) {
      expect(html).toContain(words);
    }
    expect(html.match(/data-chart=/g)).toHaveLength(4);
  });

  it('says how the model decides, and shows profiles before photos', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'predictions.jsonl'), jsonLines(predictions));
    const rule = { rule: 'profile', threshold: 0.45, largestShare: 0.7, perLogCount: -0.2 } as const;
    await writeReport(folder, { name: 'taste', settings: {}, rule });
    const html = readFileSync(join(folder, 'report.html'), 'utf8');
    expect(html).toContain('Confusion at a threshold of 45%');
    expect(html).toContain('0.700 × the largest logit + 0.300 × the mean logit + -0.200 × ln(number of photos)');
    const places = ['balanced accuracy, profiles', 'accuracy, photos', 'Profiles, after', 'Photos, before'];
    const found = places.map((words) => html.indexOf(words));
    expect(found).toEqual(found.toSorted((a, b) => a - b));
    expect(found).not.toContain(-1);
  });

  it('can be written from the start of a run', async () => {
    const folder = temporaryFolder();
    await writeReport(folder, { name: 'new', settings: {} });
    const html = readFileSync(join(folder, 'report.html'), 'utf8');
    expect(html).toContain('no steps yet');
    expect(html).toContain('They appear here when the run has finished');
  });
});
