import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import * as z from 'zod';
import { CommandError } from '../../command-error.ts';
import { writeWhole } from '../../files/write-whole.ts';
import { readSafetensors, writeSafetensors } from '../../googlenet/safetensors.ts';
import type { Weights, WeightTensor } from '../../googlenet/weights.ts';
import { hashOf } from '../run/folder/checkpoint.ts';
import { fromRows, type Rows, type StateLayout, toRows } from '../step/state-layout.ts';
import { type FeatureScales, MODULES } from './distillation-graph.ts';
import type { StudentState } from './student-engine.ts';

/** A run's settings, which it keeps when it resumes. */
const configurationSchema = z.strictObject({
  /** Folders of pictures. */
  photos: z.array(z.string()),
  /** Folders of pictures for validation. Without any, every 20th picture of `photos` is for validation. */
  validate: z.array(z.string()),
  drawn: z.int().min(0),
  /** The color network's file. */
  init: z.string(),
  steps: z.int().min(1),
  batchSize: z.int().min(1),
  cropSize: z.int().min(1),
  learningRate: z.number().positive(),
  warmup: z.int().min(0),
  averageDecay: z.number().min(0).max(1),
  seed: z.int().min(0),
});

export type BaseConfiguration = z.infer<typeof configurationSchema>;

/** A run's progress. With the configuration and the pictures, it is enough to resume. */
export interface BaseCheckpoint {
  /** Steps completed. */
  readonly step: number;
  readonly state: StudentState;
  /** The moving average of the parameters. */
  readonly average: Rows;
  readonly scales: FeatureScales;
}

/** A line about the run. Losses are the parts in the order of LOSS_PARTS, and their weighted sum. */
export interface BaseLogLine {
  readonly kind: 'pictures' | 'step' | 'validation';
  readonly step: number;
  readonly [figure: string]: unknown;
}

const FILES = { configuration: 'run.json', checkpoint: 'last.safetensors', log: 'log.jsonl' } as const;

const metadataSchema = z.object({ step: z.string(), sha256: z.string() });

/** Suffixes of the tensors of each kind of row. */
const KINDS = { parameters: '', first: '.first', second: '.second', average: '.average' } as const;

async function writing(path: string, write: () => Promise<void>): Promise<void> {
  await write().catch((cause: unknown) => {
    throw new CommandError('run_unwritable', `can’t write ${path} (${systemCodeOf(cause)})`, { cause });
  });
}

/** Creates the folder of a new run. Throws CommandError `run_exists`, `run_unwritable`. */
export async function createBaseRun(folder: string, configuration: BaseConfiguration): Promise<void> {
  const path = join(folder, FILES.configuration);
  if (existsSync(path)) {
    throw new CommandError('run_exists', `${folder} already has a run. Pass --resume, or another --out`);
  }
  await writing(path, async () => {
    await mkdir(folder, { recursive: true });
    await writeWhole(path, `${JSON.stringify(configuration, null, 2)}\n`);
  });
}

/** Reads a run's configuration. Throws CommandError `run_missing`, `run_invalid`. */
export async function readBaseRun(folder: string): Promise<BaseConfiguration> {
  const path = join(folder, FILES.configuration);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CommandError('run_missing', `${path} doesn’t exist or can’t be read`, { cause });
  });
  try {
    return configurationSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new CommandError('run_invalid', `${path} isn’t a configuration`, { cause });
  }
}

/** Writes the checkpoint. Throws CommandError `run_unwritable`; the previous checkpoint stays. */
export async function writeBaseCheckpoint(
  folder: string,
  layout: StateLayout,
  { step, state, average, scales }: BaseCheckpoint,
): Promise<void> {
  const rows = { ...state, average };
  const tensors = new Map<string, WeightTensor>();
  for (const [kind, suffix] of Object.entries(KINDS)) {
    for (const [name, tensor] of fromRows(layout, rows[kind as keyof typeof KINDS])) tensors.set(name + suffix, tensor);
  }
  for (const module of MODULES) {
    const { features, map } = scales[module];
    tensors.set(`scale.features${module}`, { shape: [features.length], data: features });
    tensors.set(`scale.map${module}`, { shape: [1], data: Float32Array.of(map) });
  }
  const path = join(folder, FILES.checkpoint);
  const metadata = { step: String(step), sha256: hashOf(tensors) };
  await writing(path, () => writeWhole(path, writeSafetensors(tensors, metadata)));
}

/** Reads the checkpoint, or returns `undefined` if there is none yet. Throws CommandError `run_invalid`. */
export async function readBaseCheckpoint(folder: string, layout: StateLayout): Promise<BaseCheckpoint | undefined> {
  const path = join(folder, FILES.checkpoint);
  if (!existsSync(path)) return undefined;
  try {
    const { tensors, metadata } = readSafetensors(await readFile(path), path);
    const { step, sha256 } = metadataSchema.parse(metadata);
    if (hashOf(tensors) !== sha256) throw new Error('it was changed after it was written');
    const rows = (kind: keyof typeof KINDS) => toRows(layout, withSuffix(tensors, KINDS[kind]));
    const scale = (module: (typeof MODULES)[number]) => ({
      features: tensors.get(`scale.features${module}`)!.data,
      map: tensors.get(`scale.map${module}`)!.data[0]!,
    });
    return {
      step: Number(step),
      state: { parameters: rows('parameters'), first: rows('first'), second: rows('second') },
      average: rows('average'),
      scales: { '5b': scale('5b'), '5a': scale('5a') },
    };
  } catch (cause) {
    throw new CommandError('run_invalid', `${path}: ${(cause as Error).message}`, { cause });
  }
}

function withSuffix(tensors: Weights, suffix: string): Weights {
  const named = [...tensors].filter(([name]) => name.endsWith(suffix));
  return new Map(named.map(([name, tensor]) => [name.slice(0, name.length - suffix.length), tensor]));
}

/** Opens the log for appending, and drops the lines of steps after `step`, which the run repeats. */
export async function openBaseLog(folder: string, step: number): Promise<(line: BaseLogLine) => Promise<void>> {
  const path = join(folder, FILES.log);
  const lines = (await readFile(path, 'utf8').catch(() => '')).split('\n').filter((line) => {
    const found = /^\{"kind":"\w+","step":(\d+),.*\}$/.exec(line);
    return found && Number(found[1]) <= step;
  });
  await writing(path, () => writeWhole(path, lines.map((line) => `${line}\n`).join('')));
  return (line) => writing(path, () => appendFile(path, `${JSON.stringify(line)}\n`));
}
