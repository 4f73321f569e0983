import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openDataset } from '@swipenet/server/training/dataset/dataset.ts';
import type { Label } from '@swipenet/shared/confidence.ts';
import { runSwipenet } from '../support/server-process.ts';
import { drawn, heldOut, namesOfKind } from './few-photos.ts';
import type { Figure } from './report.ts';

/** What `npm run bench -- full` is told. */
export interface FineTuningOptions {
  /** A folder of photos whose names begin with their kind. */
  readonly photos: string;
  /** As of `train --init`. */
  readonly init: string;
  /** Kinds to tell apart, LIKE before the colon. */
  readonly pairs: readonly string[];
  /** How many labels are learnt from, both kinds together. */
  readonly labels?: readonly number[] | undefined;
  /** As of `train --epochs`; without it as many as {@link STEPS} steps hold. */
  readonly epochs?: number | undefined;
}

const LABEL_COUNTS = [40, 240, 400];
const SEEDS = [0, 1];

/** The most that is affordable again and again: 4 minutes on two cores. */
const STEPS = 60;
const BATCH = 32;

const MODES = ['head', 'full'] as const;

interface Result {
  readonly accuracy: number;
  readonly auc: number;
  readonly minutes: number;
}

/**
 * What a user gets of few photos: `train --mode full` beside `--mode head`, by the commands
 * themselves, of one data set a seed, judged on the same 220 held-out photos as in `bench -- head`.
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
          await lay(photos, join(folder, 'test'), { LIKE: heldOut(names.LIKE), NOPE: heldOut(names.NOPE) });
          const learnt = { LIKE: drawn(names.LIKE, seed, count), NOPE: drawn(names.NOPE, seed, count) };
          await lay(photos, join(folder, 'photos'), learnt);
          results.push(await learnBoth(folder, { init, seed, epochs }));
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

async function lay(from: string, to: string, names: Record<Label, readonly string[]>): Promise<void> {
  for (const [label, photos] of Object.entries(names)) {
    await mkdir(join(to, label), { recursive: true });
    for (const name of photos) await copyFile(join(from, name), join(to, label, name));
  }
}

interface Learning extends Pick<FineTuningOptions, 'init' | 'epochs'> {
  readonly seed: number;
}

async function learnBoth(folder: string, { init, seed, epochs: asked }: Learning) {
  const swipenet = async (...parameters: string[]) => {
    const { code, stdout, stderr } = await runSwipenet(parameters, { home: folder }).ended;
    if (code !== 0) throw new Error(`swipenet ${parameters.join(' ')} ended with ${code}: ${stderr.slice(-2000)}`);
    return stdout;
  };
  const labelled = (name: string) =>
    ['LIKE', 'NOPE'].flatMap((label) => [`--${label.toLowerCase()}`, join(folder, name, label)]);
  const data = join(folder, 'set');
  await swipenet('dataset', 'build', ...labelled('photos'), '--out', data);
  await using dataset = await openDataset(data);
  const count = dataset.numbersOf('training').length;
  const epochs = asked ?? Math.floor(STEPS / Math.ceil(count / BATCH));
  const from = init === 'embedded' ? init : resolve(init);
  const results: Partial<Record<(typeof MODES)[number], Result>> = {};
  for (const mode of MODES) {
    const begun = performance.now();
    const length = mode === 'full' ? ['--epochs', `${epochs}`, '--batch-size', `${BATCH}`] : [];
    const parameters = ['--data', data, '--mode', mode, '--init', from, '--name', mode, '--seed', `${seed}`, ...length];
    await swipenet('train', ...parameters);
    const minutes = (performance.now() - begun) / 60_000;
    const judge = ['--model', mode, '--precision', 'fp32', '--json', ...labelled('test')];
    const { photos: judged } = JSON.parse(await swipenet('evaluate', ...judge));
    results[mode] = { accuracy: judged.accuracyAtHalf, auc: judged.auc, minutes };
    console.error(`${mode}, seed ${seed}, ${count} training photos: ${JSON.stringify(results[mode])}`);
  }
  return results as Record<(typeof MODES)[number], Result>;
}
