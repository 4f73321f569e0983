import { appendFileSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import * as z from 'zod';
import { CommandError } from '../../command-error.ts';
import { writeWhole } from '../../files/write-whole.ts';
import { modelIdSchema } from '../../registry/manifest.ts';
import { hyperparameterSchemas } from './hyperparameters.ts';
import { type MetricLine, metricLineSchema, RUN_FILES } from './run-files.ts';

/**
 * Everything that a run's result is a function of, with the data and the parameters it starts from. `init` is recorded
 * without this machine's folders.
 */
export const runConfigurationSchema = z.strictObject({
  /** The version of this schema. */
  format: z.literal(2),
  /** Id of the model that comes of it. */
  name: modelIdSchema,
  /** The data set's folder, and its id: another one with the same name is not it. */
  data: z.strictObject({ folder: z.string(), id: z.string() }),
  ...hyperparameterSchemas,
  device: z.templateLiteral(['cuda:', z.int()]).or(z.literal('cpu')),
  /** Of ONNX Runtime: another count adds up in another order. */
  threads: z.int().min(1),
});

/** What a run is made with, as its folder keeps it. */
export type RunConfiguration = z.infer<typeof runConfigurationSchema>;

/** Names that hyperparameters had in format 1. */
const NAMES_IN_FORMAT_1 = { batch: 'batchSize', side: 'cropSize', rate: 'learningRate' } as const;

/** Brings a configuration of an earlier version to the present format; anything else stays as it is. */
function migrated(json: unknown): unknown {
  if (typeof json !== 'object' || json === null || !('format' in json) || json.format !== 1) return json;
  const renamed = Object.entries(json).map(([name, value]) => [
    name in NAMES_IN_FORMAT_1 ? NAMES_IN_FORMAT_1[name as keyof typeof NAMES_IN_FORMAT_1] : name,
    value,
  ]);
  return { ...Object.fromEntries(renamed), format: 2 };
}

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
 * Reads the configuration of a run, of an earlier version too.
 *
 * @throws CommandError `run_missing`, `run_invalid`.
 */
export async function readRun(folder: string): Promise<RunConfiguration> {
  const path = join(folder, CONFIGURATION);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CommandError('run_missing', `${path} does not exist or cannot be read`, { cause });
  });
  try {
    return runConfigurationSchema.parse(migrated(JSON.parse(text)));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause).replaceAll('\n', ' ') : 'it is not JSON';
    throw new CommandError('run_invalid', `${path}: ${why}`, { cause });
  }
}

/**
 * Opens a run's metrics for appending. It drops the lines of steps after the checkpoint, which will be taken again, and
 * a line that was cut off when the run was killed. The others it brings to the present format.
 */
export async function openMetrics(folder: string, step: number): Promise<(line: MetricLine) => void> {
  const path = join(folder, RUN_FILES.metrics);
  const text = await readFile(path, 'utf8').catch(() => '');
  const kept = text.split('\n').flatMap((line) => {
    const parsed = metricLineSchema.safeParse(parseJson(line));
    return parsed.success && parsed.data.step <= step ? [JSON.stringify(parsed.data)] : [];
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
