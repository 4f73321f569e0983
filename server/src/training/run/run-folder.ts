import { appendFileSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import * as z from 'zod';
import { CommandError } from '../../command-error.ts';
import { writeWhole } from '../../files/write-whole.ts';
import { modelIdSchema } from '../../registry/manifest.ts';
import { type MetricLine, metricLineSchema, RUN_FILES } from './run-files.ts';

/** Everything that a run's result is a function of, with the data and the parameters it begins from. */
export const runConfigurationSchema = z.strictObject({
  /** The version of this schema. */
  format: z.literal(1),
  /** Id of the model that comes of it. */
  name: modelIdSchema,
  /** The data set's folder, and its id: another one with the same name is not it. */
  data: z.strictObject({ folder: z.string(), id: z.string() }),
  /** What it began from: `none`, or the model or file whose parameters it took. */
  init: z.string(),
  epochs: z.int().min(1),
  batch: z.int().min(1),
  /** Side of the crops, in pixels. */
  side: z.int().min(96).max(256),
  mirror: z.boolean(),
  mean: z.enum(['image', 'pixel']),
  seed: z.int().min(0),
  rate: z.number().positive(),
  policy: z.string(),
  warmup: z.int().min(0),
  momentum: z.number().min(0).max(1),
  weightDecay: z.number().min(0),
  device: z.templateLiteral(['cuda:', z.int()]).or(z.literal('cpu')),
  /** Of ONNX Runtime: another count adds up in another order. */
  threads: z.int().min(1),
});

/** See {@link runConfigurationSchema}. */
export type RunConfiguration = z.infer<typeof runConfigurationSchema>;

const CONFIGURATION = 'run.json';

/** Where a run keeps a checkpoint. */
export const checkpointPath = (folder: string, which: 'last' | 'best') => join(folder, `${which}.safetensors`);

/**
 * Makes the folder of a new run.
 *
 * @throws CommandError `run_exists` where there is something in it already, `run_unwritable`.
 */
export async function createRunFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    if ((await readdir(folder)).length === 0) return;
  } catch (cause) {
    throw new CommandError('run_unwritable', `${folder} cannot be written (${systemCodeOf(cause)})`, { cause });
  }
  const message = `${folder} is not empty; --resume goes on with the run in it, --run names another folder`;
  throw new CommandError('run_exists', message);
}

/** Makes the folder of a new run with its configuration. Throws what {@link createRunFolder} throws. */
export async function createRun(folder: string, configuration: RunConfiguration): Promise<void> {
  await createRunFolder(folder);
  try {
    const text = `${JSON.stringify(configuration, null, 2)}\n`;
    await writeWhole(join(folder, CONFIGURATION), [new TextEncoder().encode(text)]);
  } catch (cause) {
    throw new CommandError('run_unwritable', `${folder} cannot be written (${systemCodeOf(cause)})`, { cause });
  }
}

/**
 * Reads the configuration of a run.
 *
 * @throws CommandError `run_missing`, `run_invalid`.
 */
export async function readRun(folder: string): Promise<RunConfiguration> {
  const path = join(folder, CONFIGURATION);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CommandError('run_missing', `${path} does not exist or cannot be read`, { cause });
  });
  try {
    return runConfigurationSchema.parse(JSON.parse(text));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause).replaceAll('\n', ' ') : 'it is not JSON';
    throw new CommandError('run_invalid', `${path}: ${why}`, { cause });
  }
}

/**
 * Opens a run's metrics for appending. Lines of steps after its checkpoint are dropped: they will be taken again. A
 * line that was cut off when the run was killed is dropped too.
 */
export async function openMetrics(folder: string, step: number): Promise<(line: MetricLine) => void> {
  const path = join(folder, RUN_FILES.metrics);
  const text = await readFile(path, 'utf8').catch(() => '');
  const kept = text.split('\n').filter((line) => {
    const parsed = metricLineSchema.safeParse(parseJson(line));
    return parsed.success && parsed.data.step <= step;
  });
  const unwritable = (cause: unknown) =>
    new CommandError('run_unwritable', `${path} cannot be written (${systemCodeOf(cause)})`, { cause });
  await writeWhole(path, [new TextEncoder().encode(kept.map((line) => `${line}\n`).join(''))]).catch((cause) => {
    throw unwritable(cause);
  });
  return (line) => {
    try {
      appendFileSync(path, `${JSON.stringify(line)}\n`);
    } catch (cause) {
      throw unwritable(cause);
    }
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
