import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openDataset } from '@swipenet/server/training/dataset/dataset.ts';
import type { Label } from '@swipenet/shared/confidence.ts';
import { runSwipenet } from '../support/server-process.ts';
import { drawn, heldOut, namesOfKind } from './few-photos.ts';
import type { Figure } from './report.ts';

/** Options of `npm run bench -- full`. */
export interface FineTuningOptions {
  /** A folder of photos whose names start with their kind. */
  readonly photos: string;
  /** Like `train --init`. */
  readonly init: string;
  /** Pairs of kinds to tell apart, like `LIKE-KIND:NOPE-KIND`. */
  readonly pairs: readonly string[];
  /** Numbers of labeled photos to train on, both kinds together. */
  readonly labels?: readonly number[] | undefined;
  /** Like `train --epochs`. The default is as many as fit in {@link STEPS} steps. */
  readonly epochs?: number | undefined;
}

const LABEL_COUNTS = [40, 240, 400];
const SEEDS = [0, 1];

/** As many steps as can be repeated often: 4 minutes on two cores. */
const STEPS = 60;
const BATCH = 32;

const MODES = ['head', 'full'] as const;

interface Result {
  readonly accuracy: number;
  readonly auc: number;
  readonly minutes: number;
}

/**
 * Measures what users get from few photos. It runs the commands `train --mode full` and `train --mode head` on one
 * dataset per seed, and evaluates both on the same 220 test photos as `bench -- head`.
 */
export async function fineTuning({
  photos,
  init,
  pairs,
  labels = LABEL_COUNTS,
  epochs,
}: FineTuningOptions): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const pair of pairs) {
    const [like, nope] = pair.split(':') as [string, string];
    const names = { LIKE: await namesOfKind(photos, like), NOPE: await namesOfKind(photos, nope) };
    for (const count of labels) {
      const results: Record<(typeof MODES)[number], Result>[] = [];
      for (const seed of SEEDS) {
        const folder = await mkdtemp(join(tmpdir(), 'swipenet-full-'));
        try {
          await copyPhotos(photos, join(folder, 'test'), { LIKE: heldOut(names.LIKE), NOPE: heldOut(names.NOPE) });
          const training = { LIKE: drawn(names.LIKE, seed, count), NOPE: drawn(names.NOPE, seed, count) };
          await copyPhotos(photos, join(folder, 'photos'), training);
          results.push(await trainBoth(folder, { init, seed, epochs }));
        } finally {
          await rm(folder, { recursive: true, force: true });
        }
      }
      figures.push(...MODES.flatMap((mode) => figuresOf(pair, count, mode, results)));
    }
  }
  return figures;
}

function figuresOf(pair: string, count: number, mode: (typeof MODES)[number], results: Record<string, Result>[]) {
  const key = `${pair.replace(':', '-')}.${count}.${mode}`;
  const title = `${pair}, ${count} labels, ${mode}`;
  const mean = (of: keyof Result) => results.reduce((sum, result) => sum + result[mode]![of], 0) / results.length;
  return [
    { key: `${key}.accuracyPercent`, name: `${title}  accuracy`, value: 100 * mean('accuracy'), unit: '%' },
    { key: `${key}.aucPercent`, name: `${title}  AUC`, value: 100 * mean('auc'), unit: '%' },
    { key: `${key}.minutes`, name: `${title}  time`, value: mean('minutes'), unit: 'min' },
  ];
}

async function copyPhotos(from: string, to: string, names: Record<Label, readonly string[]>): Promise<void> {
  for (const [label, photos] of Object.entries(names)) {
    await mkdir(join(to, label), { recursive: true });
    for (const name of photos) await copyFile(join(from, name), join(to, label, name));
  }
}

interface TrainingOptions extends Pick<FineTuningOptions, 'init' | 'epochs'> {
  readonly seed: number;
}

async function trainBoth(folder: string, { init, seed, epochs: requested }: TrainingOptions) {
  const swipenet = async (...parameters: string[]) => {
    const { code, stdout, stderr } = await runSwipenet(parameters, { home: folder }).ended;
    if (code !== 0) throw new Error(`swipenet ${parameters.join(' ')} ended with ${code}: ${stderr.slice(-2000)}`);
    return stdout;
  };
  const labelFlags = (name: string) =>
    ['LIKE', 'NOPE'].flatMap((label) => [`--${label.toLowerCase()}`, join(folder, name, label)]);
  const data = join(folder, 'set');
  await swipenet('dataset', 'build', ...labelFlags('photos'), '--out', data);
  await using dataset = await openDataset(data);
  const count = dataset.numbersOf('training').length;
  const epochs = requested ?? Math.floor(STEPS / Math.ceil(count / BATCH));
  const from = existsSync(init) ? resolve(init) : init;
  const results: Partial<Record<(typeof MODES)[number], Result>> = {};
  for (const mode of MODES) {
    const begin = performance.now();
    const length = mode === 'full' ? ['--epochs', `${epochs}`, '--batch-size', `${BATCH}`] : [];
    const parameters = ['--data', data, '--mode', mode, '--init', from, '--name', mode, '--seed', `${seed}`, ...length];
    await swipenet('train', ...parameters);
    const minutes = (performance.now() - begin) / 60_000;
    const evaluation = ['--model', mode, '--precision', 'fp32', '--json', ...labelFlags('test')];
    const { photos: measured } = JSON.parse(await swipenet('evaluate', ...evaluation));
    results[mode] = { accuracy: measured.accuracyAtHalf, auc: measured.auc, minutes };
    console.error(`${mode}, seed ${seed}, ${count} training photos: ${JSON.stringify(results[mode])}`);
  }
  return results as Record<(typeof MODES)[number], Result>;
}
