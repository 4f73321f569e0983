import { readdir } from 'node:fs/promises';
import { cores } from '@swipenet/server/config/machine.ts';
import { featuresOfKind, readFeatureNetwork } from './photo-features.ts';
import type { BenchResult } from './report.ts';
import { type Row, rowOf } from './taste/compare.ts';
import { drawCurve } from './taste/curve.ts';
import { METHOD_NAMES, type MethodName } from './taste/methods.ts';
import { type Task, tryAll } from './taste/pool.ts';
import { tasteFigures, tasteTables } from './taste/table.ts';
import type { KnownPhotos, Outcome, Setting } from './taste/try-setting.ts';

/** Options of `npm run bench -- taste`. */
export interface TasteBenchOptions {
  /** A folder of photos whose names start with their kind. */
  readonly photos: string;
  /** Like `train --init`. */
  readonly init: string;
  /** The kinds of photos to build profiles from. */
  readonly kinds: readonly string[];
  /** The kinds that a persona likes, one persona per kind. */
  readonly personas: readonly string[];
  /** Numbers of training profiles. */
  readonly sizes: readonly number[];
  /** Percentages of training profiles with the wrong label. */
  readonly wrong: readonly number[];
  /** The number of random seeds per persona. */
  readonly seeds: number;
  /** Folder that keeps the features between runs, or undefined to compute them each time. */
  readonly features: string | undefined;
  /** Where to draw the learning curves. */
  readonly curve: string | undefined;
}

/** The smallest number of training profiles. It has seven liked ones, and cross-validation needs some in every fold. */
const FEWEST_PROFILES = 20;

/**
 * Measures how well the likes of simulated people are learned from whole profiles, by Swipenet and by other methods. A
 * persona likes a kind of photo, and a profile is liked if one or two of its photos show it.
 */
export async function tasteBench(options: TasteBenchOptions): Promise<BenchResult> {
  const { kinds, seeds, curve } = options;
  const [personas, sizes, wrong] = [unique(options.personas), unique(options.sizes), unique(options.wrong)];
  const unknown = personas.find((persona) => !kinds.includes(persona));
  if (unknown !== undefined) throw new RangeError(`--personas ${unknown} isn’t among the kinds ${kinds.join(', ')}`);
  const small = sizes.find((size) => size < FEWEST_PROFILES);
  if (small !== undefined) throw new RangeError(`--sizes ${small} is less than ${FEWEST_PROFILES}`);
  if (curve !== undefined && !curve.endsWith('.png')) throw new RangeError(`--curve ${curve} must end with .png`);
  const photos = await knownPhotos(options);
  const rows = wrong.flatMap((percent) => sizes.map((size) => ({ size, wrongShare: percent / 100 })));
  const runs = personas.flatMap((persona) => Array.from({ length: seeds }, (_, seed) => ({ persona, seed })));
  const settings = rows.flatMap((row) => runs.map((run): Setting => ({ ...row, ...run })));
  // The longest tasks first, so that no thread is left alone with one of them at the end.
  const tasks = METHOD_NAMES.flatMap((method) => settings.map((setting): Task => ({ ...setting, method })));
  const outcomes = await tryInOrder(
    photos,
    tasks.toSorted((one, other) => other.size - one.size),
  );
  const summary = rows.map((row): Row => {
    const own = tasks.filter(({ size, wrongShare }) => size === row.size && wrongShare === row.wrongShare);
    const byMethod = METHOD_NAMES.map((name) => {
      return [name, own.filter(({ method }) => method === name).map((task) => outcomes.get(task))];
    });
    return rowOf(row, Object.fromEntries(byMethod) as Record<MethodName, (Outcome | undefined)[]>);
  });
  if (curve) await drawCurve(summary, curve);
  return { figures: tasteFigures(summary), text: tasteTables(summary) };
}

const unique = <Item>(items: readonly Item[]) => [...new Set(items)];

async function tryInOrder(photos: KnownPhotos, tasks: readonly Task[]): Promise<Map<Task, Outcome | undefined>> {
  const onProgress = (done: number, { method, persona, size, wrongShare, seed }: Task) => {
    const setting = `${size} profiles, ${Math.round(100 * wrongShare)}% wrong, ${persona}, seed ${seed}`;
    console.error(`${done}/${tasks.length}: ${method}, ${setting}`);
  };
  const outcomes = await tryAll(photos, tasks, { threads: cores, onProgress });
  return new Map(tasks.map((task, at) => [task, outcomes[at]]));
}

async function knownPhotos({ photos, init, kinds, features }: TasteBenchOptions): Promise<KnownPhotos> {
  const pretrained = await readFeatureNetwork(init);
  const all = (await readdir(photos)).toSorted();
  const found: { kind: string; names: string[]; numbers: Float32Array }[] = [];
  for (const kind of kinds) {
    const names = all.filter((name) => name.startsWith(kind));
    if (names.length === 0) throw new RangeError(`${photos} has no photos named ${kind}…`);
    console.error(`features of ${names.length} photos named ${kind}…`);
    found.push({ kind, names, numbers: await featuresOfKind({ photos, kind, names, features }, pretrained) });
  }
  const joined = new Float32Array(found.reduce((sum, { numbers }) => sum + numbers.length, 0));
  let at = 0;
  for (const { numbers } of found) {
    joined.set(numbers, at);
    at += numbers.length;
  }
  return {
    kinds: found.flatMap(({ kind, names }) => names.map(() => kind)),
    features: joined,
    spare: pretrained.forHeads?.spareFilters.filters,
  };
}
