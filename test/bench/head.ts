import { auc } from '@swipenet/server/training/evaluation/metrics.ts';
import { confidenceOf, meanLoss } from '@swipenet/server/training/evaluation/temperature.ts';
import { FEATURE_COUNT, FEATURE_COUNTS } from '@swipenet/server/training/head/feature-model.ts';
import { learnHead } from '@swipenet/server/training/head/learn-head.ts';
import { fitLogistic, type LinearHead, marginsOfRows } from '@swipenet/server/training/head/logistic.ts';
import { fromSpan, spanOf } from '@swipenet/server/training/head/span.ts';
import { HEAD_CROPS } from '@swipenet/server/training/head/train-head.ts';
import type { Pretrained } from '@swipenet/server/training/run/start/initialize.ts';
import type { Label } from '@swipenet/shared/confidence.ts';
import { drawn, heldOut, namesOfKind } from './few-photos.ts';
import { featuresOfKind, readFeatureNetwork } from './photo-features.ts';
import type { Figure } from './report.ts';

/** Options of `npm run bench -- head`. */
export interface HeadBenchOptions {
  /** A folder of photos whose names start with their kind. */
  readonly photos: string;
  /** Like `train --init`. */
  readonly init: string;
  /** Pairs of kinds to tell apart, like `LIKE-KIND:NOPE-KIND`. */
  readonly pairs: readonly string[];
  /** Folder that keeps the features between runs, or undefined to compute them each time. */
  readonly features: string | undefined;
}

const LABEL_COUNTS = [20, 40, 120, 240];
const SEEDS = [0, 1, 2, 3, 4];

/** A photo's label and its features: `[crops, 1856]`. */
interface Sample {
  readonly label: Label;
  readonly features: Float32Array;
}

/** A method returns a linear head on the features of the center crop. */
type Method = (samples: readonly Sample[], seed: number) => { head: LinearHead; temperature: number };

/** Pool5 and logistic regression as anyone would do it: center crop, L2 with C = 1. */
const plain: Method = (samples) => {
  const size = FEATURE_COUNTS.module5b;
  const rows = Float64Array.from(samples.flatMap(({ features }) => [...features.subarray(0, size)]));
  const means = Float64Array.from({ length: size }, (_, index) => {
    let sum = 0;
    for (let at = index; at < rows.length; at += size) sum += rows[at]!;
    return sum / samples.length;
  });
  const span = spanOf(
    rows.map((feature, at) => feature - means[at % size]!),
    size,
  );
  const targets = samples.map(({ label }) => (label === 'LIKE' ? 1 : 0));
  const weights = samples.map(() => 1);
  const fit = fitLogistic({ rows: span.coordinates, dimensions: span.rank, targets, weights, strength: 1 });
  const onRows = fromSpan(span, fit.weights);
  const head = new Float64Array(FEATURE_COUNT);
  head.set(onRows);
  const bias = onRows.reduce((sum, weight, index) => sum - weight * means[index]!, fit.bias);
  return { head: { weights: head, bias }, temperature: 1 };
};

/** `train --mode head`. */
const ours: Method = (samples, seed) => {
  const features = new Float32Array(samples.length * HEAD_CROPS.length * FEATURE_COUNT);
  for (const [index, sample] of samples.entries()) {
    features.set(sample.features, index * HEAD_CROPS.length * FEATURE_COUNT);
  }
  const photos = samples.map(({ label }, profile) => ({ label, profile }));
  const { head, temperature } = learnHead(photos, features, seed);
  return { head, temperature: temperature.temperature };
};

const METHODS: Record<string, Method> = { plain, head: ours };

/**
 * Measures accuracy, AUC and loss of our head and of plain logistic regression on the same splits: 20 to 240 labels,
 * five random seeds, and the same 220 test photos for each pair.
 */
export async function headBench(options: HeadBenchOptions): Promise<Figure[]> {
  const kinds = [...new Set(options.pairs.flatMap((pair) => pair.split(':')))];
  const byKind = new Map<string, Float32Array[]>();
  const pretrained = await readFeatureNetwork(options.init);
  for (const kind of kinds) byKind.set(kind, await photosOfKind(kind, pretrained, options));
  return options.pairs.flatMap((pair) => {
    const [like, nope] = pair.split(':').map((kind) => byKind.get(kind)!) as [Float32Array[], Float32Array[]];
    const test = [...withLabel(heldOut(like), 'LIKE'), ...withLabel(heldOut(nope), 'NOPE')];
    return LABEL_COUNTS.flatMap((count) => compare(pair, { like, nope, test, count }));
  });
}

interface Comparison {
  readonly like: readonly Float32Array[];
  readonly nope: readonly Float32Array[];
  readonly test: readonly Sample[];
  readonly count: number;
}

function compare(pair: string, { like, nope, test, count }: Comparison): Figure[] {
  const rows = Float64Array.from(test.flatMap(({ features }) => [...features.subarray(0, FEATURE_COUNT)]));
  return Object.entries(METHODS).flatMap(([name, method]) => {
    const results = SEEDS.map((seed) => {
      const samples = [...withLabel(drawn(like, seed, count), 'LIKE'), ...withLabel(drawn(nope, seed, count), 'NOPE')];
      const { head, temperature } = method(samples, seed);
      const scored = Array.from(marginsOfRows(rows, head), (margin, index) => ({ label: test[index]!.label, margin }));
      const right = scored.filter(({ label, margin }) => (label === 'LIKE' ? margin > 0 : margin < 0)).length;
      const likes = scored.map(({ label, margin }) => ({ label, like: confidenceOf(margin) }));
      return { accuracy: right / test.length, auc: auc(likes)!, loss: meanLoss(scored, temperature) };
    });
    const mean = (of: 'accuracy' | 'auc' | 'loss') => results.reduce((sum, one) => sum + one[of], 0) / results.length;
    const key = `${pair.replace(':', '-')}.${count}.${name}`;
    const title = `${pair}, ${count} labels, ${name.padEnd('plain'.length)}`;
    return [
      { key: `${key}.accuracyPercent`, name: `${title}  accuracy`, value: 100 * mean('accuracy'), unit: '%' },
      { key: `${key}.aucPercent`, name: `${title}  AUC`, value: 100 * mean('auc'), unit: '%' },
      { key: `${key}.lossMillinats`, name: `${title}  loss`, value: 1000 * mean('loss'), unit: 'mnat' },
    ];
  });
}

const withLabel = (features: readonly Float32Array[], label: Label): Sample[] =>
  features.map((one) => ({ label, features: one }));

/** Returns the features of a kind's photos, `[crops, 1856]` each, test photos first. */
async function photosOfKind(
  kind: string,
  pretrained: Pretrained,
  { photos, features }: HeadBenchOptions,
): Promise<Float32Array[]> {
  const names = await namesOfKind(photos, kind);
  const numbers = await featuresOfKind({ photos, kind, names, features }, pretrained);
  const size = HEAD_CROPS.length * FEATURE_COUNT;
  return names.map((_, index) => numbers.slice(index * size, (index + 1) * size));
}
