import { appendFileSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import * as z from 'zod';
import { CommandError } from '../../../command-error.ts';
import { writeWhole } from '../../../files/write-whole.ts';
import { modelIdSchema } from '../../../registry/manifest.ts';
import { targetSchema, targetText } from '../../profiles/target.ts';
import { hyperparameterSchemas } from '../start/hyperparameters.ts';
import { type MetricLine, metricLineSchema, RUN_FILES } from './run-files.ts';

/**
 * Everything that a run's result depends on, apart from the data and the initial parameters. `init` is recorded without
 * local paths.
 */
const runConfigurationSchema = z.strictObject({
  /** The version of this schema. */
  format: z.literal(2),
  /** The ID of the model that the run trains. */
  name: modelIdSchema,
  /** The dataset's folder, and the ID of its contents. Another dataset in the same folder has another ID. */
  data: z.strictObject({ folder: z.string(), id: z.string() }),
  ...hyperparameterSchemas,
  device: z.templateLiteral(['cuda:', z.int()]).or(z.literal('cpu')),
  /** ONNX Runtime's thread count. With another count, sums are rounded differently. */
  threads: z.int().min(1),
  /** Whether a GPU computes with TF32. Absent in runs that don't, which includes those of earlier versions. */
  tf32: z.boolean().optional(),
  /** Present if labels are of whole profiles, absent if each photo has a label of its own. */
  profiles: z
    .strictObject({
      /** What to choose the threshold for. */
      target: targetSchema,
      /** SHA-256 of the run's `targets.jsonl`, in hex. */
      targetsSha256: z.string().regex(/^[0-9a-f]{64}$/),
    })
    .optional(),
});

export type RunConfiguration = z.infer<typeof runConfigurationSchema>;

/** The names of some hyperparameters in format 1. */
const NAMES_IN_FORMAT_1 = { batch: 'batchSize', side: 'cropSize', rate: 'learningRate' } as const;

/** Converts a configuration of an earlier version to the current format. Returns anything else unchanged. */
function migrated(json: unknown): unknown {
  if (typeof json !== 'object' || json === null || !('format' in json) || json.format !== 1) return json;
  const renamed = Object.entries(json).map(([name, value]) => [
    name in NAMES_IN_FORMAT_1 ? NAMES_IN_FORMAT_1[name as keyof typeof NAMES_IN_FORMAT_1] : name,
    value,
  ]);
  return { ...Object.fromEntries(renamed), format: 2 };
}

const CONFIGURATION = 'run.json';

/** What a process may have put there that holds the run before it starts (`held-run.ts`). */
const OF_HOLDER: readonly string[] = [RUN_FILES.lock, RUN_FILES.state];

/** Returns the path of a checkpoint. */
export const checkpointPath = (folder: string, which: 'last' | 'best') => join(folder, `${which}.safetensors`);

/**
 * Creates the folder of a new run.
 *
 * @throws CommandError `run_exists` if it isn't empty, `run_unwritable`.
 */
export async function createRunFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    if ((await readdir(folder)).every((name) => OF_HOLDER.includes(name))) return;
  } catch (cause) {
    throw new CommandError('run_unwritable', `can’t write to ${folder} (${systemCodeOf(cause)})`, { cause });
  }
  const message = `${folder} is not empty. To continue the run in it, pass --resume; otherwise pass another --run`;
  throw new CommandError('run_exists', message);
}

/** Creates the folder of a new run, with its configuration. Throws what {@link createRunFolder} throws. */
export async function createRun(folder: string, configuration: RunConfiguration): Promise<void> {
  await createRunFolder(folder);
  try {
    const { profiles } = configuration;
    const written = profiles
      ? { ...configuration, profiles: { ...profiles, target: targetText(profiles.target) } }
      : configuration;
    const text = `${JSON.stringify(written, null, 2)}\n`;
    await writeWhole(join(folder, CONFIGURATION), [new TextEncoder().encode(text)]);
  } catch (cause) {
    throw new CommandError('run_unwritable', `can’t write to ${folder} (${systemCodeOf(cause)})`, { cause });
  }
}

/**
 * Reads a run's configuration, which an earlier version may have written.
 *
 * @throws CommandError `run_missing`, `run_invalid`.
 */
export async function readRun(folder: string): Promise<RunConfiguration> {
  const path = join(folder, CONFIGURATION);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CommandError('run_missing', `${path} doesn’t exist or can’t be read`, { cause });
  });
  try {
    return runConfigurationSchema.parse(migrated(JSON.parse(text)));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause).replaceAll('\n', ' ') : 'it isn’t valid JSON';
    throw new CommandError('run_invalid', `${path}: ${why}`, { cause });
  }
}

/**
 * Opens a run's metrics for appending. Drops the lines of steps after the checkpoint, because the run repeats those
 * steps, and a line that was cut off when the run was killed. Converts the rest to the current format.
 */
export async function openMetrics(folder: string, step: number): Promise<(line: MetricLine) => void> {
  const path = join(folder, RUN_FILES.metrics);
  const text = await readFile(path, 'utf8').catch(() => '');
  const kept = text.split('\n').flatMap((line) => {
    const parsed = metricLineSchema.safeParse(parseJson(line));
    return parsed.success && parsed.data.step <= step ? [JSON.stringify(parsed.data)] : [];
  });
  const unwritable = (cause: unknown) =>
    new CommandError('run_unwritable', `can’t write ${path} (${systemCodeOf(cause)})`, { cause });
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
